// The topic proxy: how to name a proxy, and the data that it sees.

/** The text of the topic. */
export const proxy = `    ProxyServer=proxy.corp.example
    ProxyPort=3128
    UserName=svc-logs
    Password=p@ss;w#rd:%1
    Domain=CORP

  Every request to AWS then goes through that proxy: S3, and STS or single sign-on where
  credentials come from there. It is asked for a tunnel (CONNECT) to each host, for http endpoints
  too, and of https sees only the host's name. The login is sent as Basic, \`CORP\\svc-logs\`
  with Domain; any character may be in the Password, written as it is; \`encrypt\` encrypts it.
  Begin ProxyServer with https:// where the proxy itself speaks TLS.

  - No ProxyServer: the variables that curl reads hold: https_proxy or HTTPS_PROXY (http_proxy or
    HTTP_PROXY for an http endpoint, all_proxy or ALL_PROXY for both), with no_proxy or NO_PROXY:
    names with all below them, addresses, networks such as 10.0.0.0/8, each with :PORT or without,
    *. With ProxyServer set, NO_PROXY plays no role. User name and password in a variable are
    percent-encoded. SOCKS is not spoken.
  - NTLM or Negotiate: only Basic is sent. Where the proxy takes no Basic, the error says so; run
    a local proxy that logs in there, such as cntlm or px, and name that in ProxyServer and
    ProxyPort.
  - A proxy that looks into TLS signs with a certificate authority of its own: give its
    certificate as a PEM file, NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem in the environment of the
    host that starts the program.
  - 407: exit 3 after one try, so that no account gets locked. A proxy that is not reached, or
    answers 5xx: exit 4. The error names the proxy, and never its login.
  - The metadata addresses of EC2, ECS and EKS are never asked for through a proxy.

  KMS needs nothing: S3 talks to it. \`check\` names the proxy and its source, and tells its
  faults from S3's.
`
