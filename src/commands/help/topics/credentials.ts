// The topic credentials: their sources, the permissions they need, and keys in the
// ini.

/** The text of the topic. */
export const credentials = `  The first of these that exists is used:

  1. AccessKeyId and SecretAccessKey of the ini, plain or encrypted;
  2. Profile: that profile of ~/.aws/config and ~/.aws/credentials alone, with any content: keys,
     \`role_arn\`, \`credential_process\`, SSO, web identity. (Its \`endpoint_url\` is read only when it
     is named by AWS_PROFILE.) HOME must be set, or AWS_CONFIG_FILE and
     AWS_SHARED_CREDENTIALS_FILE;
  3. the AWS default chain: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which
     are passed over where AWS_PROFILE is set; AWS_PROFILE or the profile \`default\`; a web
     identity (EKS: AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE); the container (ECS, EKS Pod
     identity); the instance's role (IMDS).

  Temporary keys have a session token, so they go into the environment or a profile, not into the
  ini. \`check\` names the credentials found, their source and the time of their expiry.

Permissions

  \`init policy --config FILE\` prints the least IAM policy: s3:ListBucket and s3:GetObject below
  FilePath, and what \`verify\` needs. The condition on the prefix keeps LIST to these folders: with
  it, \`check\` cannot name the folders beside a mistyped FilePath. kms:Decrypt is for objects
  encrypted with a KMS key, through S3 and for these objects alone; the key's own policy must let
  the collector's account use it, too. \`check\` names the permission that is missing.

A role

  For a bucket in another account, for example: RoleArn is assumed with the credentials above,
  once a cycle, at the STS of Region (AWS_ENDPOINT_URL_STS leads elsewhere). ExternalId is what its
  trust policy asks for. The role has the permissions above; the caller needs sts:AssumeRole on the
  role. The session's name is lr-s3-input. A trust policy:

    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "AWS": "arn:aws:iam::111122223333:role/collector" },
          "Action": "sts:AssumeRole",
          "Condition": { "StringEquals": { "sts:ExternalId": "EXTERNAL-ID" } }
        }
      ]
    }

  Sessions are renewed before they expire, beside the requests that still use the old one; one
  that S3 calls expired is replaced at once and the request tried again. A clock that is wrong is
  corrected by S3's and by STS's. A session is kept nowhere: each cycle gets its own.

Keys in the ini

  \`encrypt\` is the stand-in for lrcrypt. It reads a secret from a prompt that shows nothing of it,
  or one line from stdin, never from an argument, and with \`--set\` puts it into the ini encrypted:

    lr-s3-input encrypt --config FILE --set SecretAccessKey

  So AccessKeyId, SecretAccessKey and Password may be given. Every other byte of the ini stays,
  and so do its mode and owner. Without \`--set\` it prints the text (lrs3:1:..., AES-256-GCM) to
  paste into any of the three. In a script, pipe the secret into it.

  The key is made on first use, in FILE.key or where KeyFile says, mode 0600, and never
  overwritten. Run \`encrypt\` as the user that collects, or as root: the key then gets the ini's
  owner. Both files together reveal the secrets, so back up the key apart from the ini. A run ends
  with code 2 if the key is missing, readable by others or not the one that was used, or if the
  encrypted text was altered.

  In a container, give the key in the environment: LR_S3_INPUT_KEY, 32 bytes as base64
  (\`openssl rand -base64 32\`, or the text of a key file), from a secret of the platform's. It goes
  before the file, and \`encrypt\` needs no \`--config\` then.

  Text that looks like lrcrypt's own output is refused with code 2: only LogRhythm can read it.
  If a store of yours has secrets of that look (44 or more characters of base64 that end in =),
  \`encrypt\` them.

Secrets in what is said

  Secret settings, those of the environment (AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, passwords
  in URLs such as HTTPS_PROXY) and the credentials that were found come out as *** on stderr, in
  LogFile, in the cursor's reasons, in heartbeats and in what commands print: as they are,
  percent-encoded, escaped or in base64, also where a server or a proxy repeats them. A secret of
  under eight characters cannot be told from other text. The records themselves are evidence and
  never changed by this.
`
