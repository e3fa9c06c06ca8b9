// Which proxy the way to S3 takes and what names it, once S3 has answered
// through it. Where there is none because NO_PROXY says so, that is told too.

import { placeOf, type Proxy } from '../../s3/proxy/proxy.ts'
import { mayUseProxy, proxyFor } from '../../s3/proxy/route.ts'
import type { Settings } from '../../settings/settings-table.ts'
import { ok, type Finding } from './finding.ts'

/** Names the proxy that S3 was reached through at a URL; nothing where none is set. */
export function* checkProxy(settings: Settings, url: URL): Generator<Finding> {
  if (!mayUseProxy(settings, process.env)) return
  const proxy = proxyFor(url, settings, process.env)
  yield ok(
    'proxy',
    proxy
      ? `${placeOf(proxy)} lets ${login(proxy)} through to ${url.hostname}`
      : `none for ${url.hostname}: NO_PROXY has it, or no variable is for ${url.protocol}//`,
  )
}

const login = ({ authorization, source }: Proxy): string => {
  if (authorization === undefined) return 'requests without a login'
  return source === 'ProxyServer' ? 'the user of UserName' : 'its user'
}
