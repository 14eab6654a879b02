// What a kubelet knows of a volume on its node whichever pods use it (the actual state of the world of
// pkg/kubelet/volumemanager/cache, Kubernetes v1.36): one row for each attachment.

import type { AttachmentId } from '../cluster/attachments.ts'

const Stage = { None: 0, Staging: 1, Staged: 2, Unstaging: 3 } as const

export class StagedVolumes {
  /** Mounts that the populator has taken in and that are not over. */
  readonly users: Int32Array
  /** 1: the kubelet has seen that the volume is attached. */
  readonly verified: Uint8Array
  /** When its next step is. */
  readonly dueUs: Float64Array
  /** How long the volume takes to be unstaged. */
  readonly unstageUs: Float64Array
  private readonly stage: Uint8Array

  constructor(attachments: number) {
    this.users = new Int32Array(attachments)
    this.verified = new Uint8Array(attachments)
    this.dueUs = new Float64Array(attachments)
    this.unstageUs = new Float64Array(attachments)
    this.stage = new Uint8Array(attachments)
  }

  reset(): void {
    for (let at = 0; at < this.users.length; at++) this.clear(at as AttachmentId)
  }

  /** Nothing of it is left. */
  clear(at: AttachmentId): void {
    this.users[at] = 0
    this.verified[at] = 0
    this.dueUs[at] = Infinity
    this.unstageUs[at] = 0
    this.stage[at] = Stage.None
  }

  /** Whether the node's next round names it among its volumes in use. */
  isTaken(at: AttachmentId): boolean {
    return this.users[at] > 0 || this.stage[at] !== Stage.None
  }

  /** Whether an operation on the volume itself is under way: only one is at a time. */
  isBusy(at: AttachmentId): boolean {
    return this.stage[at] === Stage.Staging || this.stage[at] === Stage.Unstaging
  }

  isStaged(at: AttachmentId): boolean {
    return this.stage[at] === Stage.Staged
  }

  isUnstaging(at: AttachmentId): boolean {
    return this.stage[at] === Stage.Unstaging
  }

  begin(at: AttachmentId): void {
    this.stage[at] = Stage.Staging
  }

  end(at: AttachmentId): void {
    this.stage[at] = Stage.Staged
  }

  unstage(at: AttachmentId): void {
    this.stage[at] = Stage.Unstaging
  }

  unstaged(at: AttachmentId): void {
    this.stage[at] = Stage.None
  }
}
