// A StatefulSet of Fluent Bit with this program: each pod has a volume and a shard,
// and both follow from one number of pods.

import { basename, join } from 'node:path'
import { fluentBitYaml } from './fluent-bit.ts'
import { shellWord, STATE_FOLDER, type Installation } from './installation.ts'

const CONFIG_FOLDER = '/etc/lr-s3-input'
const GRACE_SECONDS = 90

/** Makes the manifest for a number of pods. */
export function kubernetes(from: Installation, replicas: number): string {
  const { ini, settings } = from
  const name = basename(ini)
  const inside = `${CONFIG_FOLDER}/${name}`
  const installation: Installation = {
    ...from,
    ini: inside,
    cursor: join(STATE_FOLDER, 'cursor'),
    namesCursor: true,
    stateFolder: STATE_FOLDER,
  }
  const { MaxCycleSeconds } = settings
  const config = fluentBitYaml(installation)
    .trimEnd()
    .split('\n')
    .map(line => `    ${line}`.trimEnd())
    .join('\n')
  return `# Fluent Bit with lr-s3-input, ${replicas} ${replicas === 1 ? 'pod' : 'pods'}, each with a shard of the bucket's folders
# and a volume of its own. The ini, which may hold secrets, comes from a Secret:
#
#   kubectl create secret generic lr-s3-input --from-file=${shellWord(`${name}=${ini}`)}
#
# and, where \`encrypt\` made texts in it, their key from another:
#
#   kubectl create secret generic lr-s3-input-key --from-file=key=${shellWord(`${ini}.key`)}
#
# To change the number of pods: it stands in two places, \`replicas\` and the end
# of LR_S3_INPUT_SHARD, and the cursors must agree on it.
#
# 1. Let all run until \`plan\` shows nothing new but what has just arrived. Note
#    the time 20 minutes ago, in UTC: more than SweepMinutes (${settings.SweepMinutes}).
# 2. Scale to 0, change both numbers, and have each pod, the new ones too, run
#    \`skip --before TIME\` with its own --state and LR_S3_INPUT_SHARD before its
#    first cycle (a pod of the same volume with \`command: ["sleep", "infinity"]\`).
# 3. Start all. Nothing is lost; what came since may come twice. \`help shards\`.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: lr-s3-input
  # With what \`init policy\` prints, by web identity:
  # annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/collector"}
---
apiVersion: v1
kind: Service
metadata:
  name: lr-s3-input
spec:
  clusterIP: None
  selector: {app: lr-s3-input}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: lr-s3-input
data:
  fluent-bit.yaml: |
${config}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: lr-s3-input
spec:
  serviceName: lr-s3-input
  replicas: ${replicas}
  podManagementPolicy: Parallel
  selector:
    matchLabels: {app: lr-s3-input}
  template:
    metadata:
      labels: {app: lr-s3-input}
    spec:
      serviceAccountName: lr-s3-input
      # A cycle (${MaxCycleSeconds} s), then grace (30 s); with the output down some more.
      terminationGracePeriodSeconds: ${Math.max(GRACE_SECONDS, 2 * MaxCycleSeconds + 50)}
      securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001}
      containers:
        - name: fluent-bit
          # Your image: Fluent Bit's package, Node and this program at the paths
          # of the command above, and a shell. The official one has no shell.
          image: registry.example.com/lr-s3-input:latest
          command: ["/opt/fluent-bit/bin/fluent-bit", "-c", "/etc/fluent-bit/fluent-bit.yaml"]
          env:
            # Kubernetes 1.28 or newer gives each pod of a StatefulSet its index.
            - name: POD_INDEX
              valueFrom:
                fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}
            # Counted from 0, as the + says: +0/${replicas} is 1/${replicas}.
            - name: LR_S3_INPUT_SHARD
              value: "+$(POD_INDEX)/${replicas}"
            - name: LR_S3_INPUT_KEY
              valueFrom:
                secretKeyRef: {name: lr-s3-input-key, key: key, optional: true}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: ["ALL"]}
          resources:
            requests: {cpu: 250m, memory: 256Mi}
            limits: {memory: 1Gi}
          volumeMounts:
            - {name: config, mountPath: /etc/fluent-bit, readOnly: true}
            - {name: settings, mountPath: ${CONFIG_FOLDER}, readOnly: true}
            # Cursor, spool and Fluent Bit's storage outlive the pod. Never mount
            # the cursor alone (subPath): it could not be replaced.
            - {name: state, mountPath: ${STATE_FOLDER}}
            - {name: tmp, mountPath: /tmp}
      volumes:
        - name: config
          configMap: {name: lr-s3-input}
        - name: settings
          secret: {secretName: lr-s3-input, defaultMode: 0440}
        - name: tmp
          emptyDir: {}
  volumeClaimTemplates:
    - metadata:
        name: state
      spec:
        accessModes: ["ReadWriteOnce"]
        resources: {requests: {storage: 10Gi}}
`
}
