// Expectations that are plain counts, after pkg/controller/controller_utils.go (ControllerExpectations), Kubernetes
// v1.36: creations and deletions that a controller has ordered and not yet seen. DaemonSets and Jobs use them.

/** After this long unseen expectations are given up (ExpectationsTimeout). */
const EXPECTATIONS_TIMEOUT_US = 300_000_000

/** One record for each row of a table. Whatever is seen lowers the counts, ordered or not, also below zero. */
export class Expectations {
  private readonly creations: Int32Array
  private readonly deletions: Int32Array
  private readonly sinceUs: Float64Array

  constructor(rows: number) {
    this.creations = new Int32Array(rows)
    this.deletions = new Int32Array(rows)
    this.sinceUs = new Float64Array(rows)
  }

  reset(): void {
    this.creations.fill(0)
    this.deletions.fill(0)
  }

  /** Forgets a row's record, as for an object that is gone. */
  clear(row: number): void {
    this.creations[row] = this.deletions[row] = 0
  }

  /** The sync is about to create and delete this many pods; an old record is replaced. */
  expect(row: number, creations: number, deletions: number, nowUs: number): void {
    this.creations[row] = creations
    this.deletions[row] = deletions
    this.sinceUs[row] = nowUs
  }

  /** A pod of the object was seen for the first time. */
  observeCreation(row: number): void {
    this.creations[row]--
  }

  /** A pod of the object was seen with a deletion mark, or gone; each such event counts. */
  observeDeletion(row: number): void {
    this.deletions[row]--
  }

  /** All that was ordered has been seen, or it was too long ago. */
  areSatisfied(row: number, nowUs: number): boolean {
    if (this.creations[row] <= 0 && this.deletions[row] <= 0) return true
    return nowUs - this.sinceUs[row] > EXPECTATIONS_TIMEOUT_US
  }
}
