// The reasons why two sides cannot speak TLS, by the code of Node or OpenSSL,
// or by OpenSSL's text if Node gives only EPROTO. An alert about a certificate,
// sent by the server, means the client's certificate, not the server's.

/** The reason why TLS failed: the server's certificate is expired, not yet valid, for another name, too weak or not trusted; it asks for one of the client; its TLS is too old; it ended the handshake for either reason; or it does not speak TLS. */
export type TlsFault =
  | 'expired'
  | 'early'
  | 'name'
  | 'client'
  | 'weak'
  | 'old'
  | 'refused'
  | 'untrusted'
  | 'plain'

// The first match decides.
const faults: readonly (readonly [RegExp, TlsFault])[] = [
  [/^CERT_HAS_EXPIRED$/, 'expired'],
  [/^CERT_NOT_YET_VALID$/, 'early'],
  [/^ERR_TLS_CERT_ALTNAME|^HOSTNAME_MISMATCH|UNRECOGNIZED_NAME/, 'name'],
  [/_ALERT_.*(CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/, 'client'],
  [/TOO_(SMALL|WEAK|SHORT)|_MD_|LEGACY_SIGALG/, 'weak'],
  [
    /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|UNSAFE_LEGACY|(NO_SHARED|UNKNOWN|WRONG)_CIPHER|NO_PROTOCOLS|INSUFFICIENT_SECURITY|NO_SUITABLE|WRONG_SIGNATURE_TYPE/,
    'old',
  ],
  [/HANDSHAKE_FAILURE/, 'refused'],
  [/^EPROTO|^ERR_SSL_(?!.*CERT)/, 'plain'],
  [/CERT|^UNABLE_TO_|^CRL_|^INVALID_(CA|PURPOSE)|^PATH_LENGTH/, 'untrusted'],
]

/** Gives the reason why TLS failed by an error's code and message; undefined for any other error. */
export function tlsFault(code: string, message: string): TlsFault | undefined {
  // These two codes need the message.
  const words = /^(EPROTO|UNSPECIFIED)$/.test(code)
    ? `${code} ${message.toUpperCase().replaceAll(' ', '_')}`
    : code
  return faults.find(([pattern]) => pattern.test(words))?.[1]
}
