// Configurations that append the output of cycles to a file, for programs that
// follow files: a timer of systemd, and cron.

import { dirname, join } from 'node:path'
import { KILL_SECONDS } from '../host-numbers.ts'
import {
  collectWords,
  outsideEtc,
  shellWord,
  shellWords,
  STATE_FOLDER,
  type Installation,
} from './installation.ts'

const LOG_FOLDER = '/var/log/lr-s3-input'
const OUTPUT = join(LOG_FOLDER, 'aws-s3.ndjson')
const USER = 'lr-s3-input'

/** Makes the units of systemd, two files in one. */
export function systemd(from: Installation): string {
  const installation = outsideEtc(from)
  const { ini, cursor, timeout, interval, settings, node } = installation
  const folders = [dirname(cursor), dirname(settings.LogFile || cursor)]
  const others = [...new Set(folders)].filter(folder => folder !== STATE_FOLDER)
  const isMoved = cursor !== from.cursor
  return `# Two units: save each as the file that its first line names, then
#
#   useradd --system --home-dir ${STATE_FOLDER} --shell /usr/sbin/nologin ${USER}
#   chown ${USER}: ${shellWord(ini)}*
#   install -d -m 750 -o ${USER} -g ${USER} ${LOG_FOLDER}
#   touch ${OUTPUT}
#   chown ${USER}: ${OUTPUT}
#   chmod 640 ${OUTPUT}
#   systemctl daemon-reload
#   systemctl enable --now lr-s3-input.timer
#${isMoved ? movedText(from, installation) : ''}
# Whatever follows the file needs the group ${USER}.
#
${rotation(OUTPUT)}
# /etc/systemd/system/lr-s3-input.service
[Unit]
Description=One collection cycle of AWS logs from S3
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${USER}
Group=${USER}
ExecStart=${collectWords(installation).map(unitWord).join(' ')}
# A cycle ends by itself within MaxCycleSeconds (${settings.MaxCycleSeconds}).
TimeoutStartSec=${timeout}
TimeoutStopSec=${KILL_SECONDS}
# They are made, and are the user's: ${STATE_FOLDER} and
# ${LOG_FOLDER}.
StateDirectory=lr-s3-input
StateDirectoryMode=0700
LogsDirectory=lr-s3-input
LogsDirectoryMode=0750
StandardOutput=append:${OUTPUT}
StandardError=journal
UMask=0077
# It needs the network, its ini and these folders, and nothing else.
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
${others.map(folder => `ReadWritePaths=${unitWord(folder)}\n`).join('')}ProtectHome=${/^\/(home|root)\//.test(node) ? 'read-only' : 'yes'}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectClock=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

# /etc/systemd/system/lr-s3-input.timer
[Unit]
Description=lr-s3-input, again and again

[Timer]
OnActiveSec=${interval}
OnUnitInactiveSec=${interval}
AccuracySec=1

[Install]
WantedBy=timers.target
`
}

// A running cycle continues in the renamed file, and the next one opens a new file.
const rotation = (files: string): string =>
  `# Rotate by renaming, with this as /etc/logrotate.d/lr-s3-input. copytruncate
# would lose what is written between its copy and its cut.
#
#   ${files} {
#       daily
#       rotate 7
#       compress
#       delaycompress
#       missingok
#       notifempty
#       create 640 ${USER} ${USER}
#   }
`

const movedText = (from: Installation, to: Installation): string => `
# Services cannot write to /etc, so the cursor lies in ${dirname(to.cursor)}.
# If there is one beside the ini already, move it and all that belongs to it:
#
#   install -d -m 700 -o ${USER} -g ${USER} ${shellWord(dirname(to.cursor))}
#   mv ${shellWord(from.cursor)}* ${shellWord(dirname(to.cursor))}
#
# Other commands then need --state ${shellWord(to.cursor)}, or that as StateFile.
#`

// % and $ have a special meaning in a unit.
const unitWord = (word: string): string => {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./$-]+$/.test(word)
    ? escaped
    : `"${escaped.replaceAll(/["\\]/g, '\\$&')}"`
}

const MINUTE_SECONDS = 60

/** Makes a line for the crontab of the user that collects. */
export function cron(installation: Installation): string {
  const { timeout, interval } = installation
  const minutes = Math.ceil(interval / MINUTE_SECONDS)
  const every = minutes === 1 ? '*' : `*/${minutes}`
  const words = shellWords(collectWords(installation))
  const command = `timeout -k ${KILL_SECONDS} ${timeout} ${words}`
  const errors = join(LOG_FOLDER, 'aws-s3.log')
  // cron takes a bare % as a line end.
  const line = `${every} * * * * ${command.replaceAll('%', String.raw`\%`)} >>${OUTPUT} 2>>${errors}`
  return `# For \`crontab -e\` of the user that collects. ${LOG_FOLDER} must be
# there, and that user's. A cycle that finds another at work leaves at once.
#
${rotation(`${OUTPUT} ${errors}`)}
${line}
`
}
