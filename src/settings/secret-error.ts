/** Reports a secret or a key that cannot be used; its message goes on after the setting's name and holds nothing of either. */
export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly code = 'SECRET'
}
