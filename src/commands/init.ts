// Prints the files of a set-up: the ini, a host's configuration or the IAM policy,
// with the paths and numbers of this installation.

import { cron, systemd } from './init/timers.ts'
import { fluentBit, fluentBitYaml } from './init/fluent-bit.ts'
import { iniText } from './init/ini-text.ts'
import {
  findInstallation,
  type Installation,
  type Runtime,
} from './init/installation.ts'
import { kubernetes } from './init/kubernetes.ts'
import { policy, policyNotes } from './init/policy.ts'
import type { InitTarget } from './init/targets.ts'
import { vector } from './init/vector.ts'
import { reportWarnings } from '../cycle/report-error.ts'
import type { Report } from '../report/report.ts'
import { numberOption } from '../settings/settings-error.ts'

/** The options of `init` from the command line. */
export interface InitOptions {
  target: InitTarget | undefined
  config: string | undefined
  state: string | undefined
  replicas: string | undefined
}

type Text = (installation: Installation, replicas: number) => string

const texts: Readonly<Record<InitTarget, Text>> = {
  'fluent-bit': fluentBit,
  'fluent-bit-yaml': fluentBitYaml,
  vector,
  systemd,
  cron,
  kubernetes,
  policy: ({ settings }) => policy(settings),
}

const MAX_REPLICAS = 1000

/** Makes the text to print; throws UsageError and SettingsError. */
export function init(
  options: InitOptions,
  runtime: Runtime,
  report: Report,
): string {
  const { target, config, state } = options
  if (target === undefined) return iniText()
  const replicas = numberOption(
    options.replicas ?? '1',
    MAX_REPLICAS,
    '--replicas takes a whole number',
  )
  const found = findInstallation(config, state, runtime)
  reportWarnings(found.warnings, report)
  if (target === 'policy')
    report.info('policy', policyNotes(found.installation.settings.RoleArn))
  return texts[target](found.installation, replicas)
}
