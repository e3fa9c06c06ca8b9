// The ini of a row, as a user would have it.

/** Writes an ini for the bucket at an endpoint, with so few limits that one cycle does it all. */
export function iniText(
  endpoint: string,
  logType: string,
  more: Readonly<Record<string, string | number>> = {},
): string {
  const lines = Object.entries({
    Region: 'us-east-1',
    BucketName: 'bench',
    LogType: logType,
    FilePath: 'AWSLogs/',
    Inclusions: '',
    MaxResultCount: 1000,
    StartupDelayInSeconds: 0,
    Endpoint: endpoint,
    ForcePathStyle: 'true',
    MaxCycleSeconds: 3600,
    MaxCycleMegabytes: 65_536,
    ...more,
  }).map(([name, value]) => `${name}=${value}`)
  return `[bench]\n${lines.join('\n')}\n`
}
