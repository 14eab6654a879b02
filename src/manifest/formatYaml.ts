// Writes YAML as Kubernetes reads it.

import { stringify } from 'yaml'

/** A plain value as YAML 1.1 text that kubectl and our own parser read back; ends with a newline. */
export function formatYaml(value: unknown): string {
  return stringify(value, { version: '1.1' })
}
