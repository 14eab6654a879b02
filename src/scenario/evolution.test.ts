import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../manifest/types.ts'
import { Evolution } from './evolution.ts'
import type { Step } from './types.ts'

const workload = { kind: 'Deployment', name: 'web' }
const web = (image: string): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'app', image }] } } },
})
const setImage = (image: string): Step => ({ atUs: 1, op: 'setImage', workload, container: 'app', image })
const undo = (toRevision: number): Step => ({ atUs: 1, op: 'undo', workload, toRevision })
const simple = (op: 'pause' | 'resume' | 'restart', atUs = 1): Step => ({ atUs, op, workload })

/** Plays steps on web:v1 and gives its image, or why the last step was refused. */
function play(...steps: Step[]): unknown {
  const evolution = new Evolution([web('v1')])
  const effects = steps.map((step) => evolution.apply(step))
  const last = effects.at(-1)
  if (last?.type === 'refused') return last.reason
  return evolution.get(workload)
}

describe('the desired state after steps', () => {
  it('has the new image, and the object as written is left alone', () => {
    const original = web('v1')
    new Evolution([original]).apply(setImage('v2'))
    expect(original).toEqual(web('v1'))
    expect(play(setImage('v2'))).toEqual(web('v2'))
  })

  it('returns to the template before with undo, and numbers it anew', () => {
    expect(play(setImage('v2'), undo(0))).toEqual(web('v1'))
    // Revision 1 has become 3, so 1 is gone and 2 is the one before.
    expect(play(setImage('v2'), undo(0), undo(1))).toBe(
      'Deployment/web has no revision 1 to return to at this time; it has 2, 3',
    )
    expect(play(setImage('v2'), undo(0), undo(0))).toEqual(web('v2'))
    expect(play(setImage('v2'), setImage('v3'), undo(1))).toEqual(web('v1'))
  })

  it('returns to the change-cause that the revision had last', () => {
    const cause = (text: string): Step => ({
      atUs: 1,
      op: 'patch',
      workload,
      patch: { metadata: { annotations: { 'kubernetes.io/change-cause': text } } },
    })
    const causeAfter = (...steps: Step[]): unknown => {
      const { metadata } = play(...steps) as { metadata: { annotations?: JsonObject } }
      return metadata.annotations?.['kubernetes.io/change-cause']
    }
    expect(causeAfter(setImage('v2'), cause('to v2'))).toBe('to v2')
    expect(causeAfter(setImage('v2'), cause('to v2'), undo(0))).toBe(undefined)
    // v3 has the cause of v2 until somebody writes another one, so revision 3 has it as well.
    expect(causeAfter(setImage('v2'), cause('to v2'), setImage('v3'), undo(0))).toBe('to v2')
    expect(causeAfter(setImage('v2'), cause('to v2'), setImage('v3'), cause('to v3'), undo(0))).toBe('to v2')
    expect(causeAfter(cause('first'), setImage('v2'), cause('to v2'), undo(0))).toBe('first')
  })

  it('counts no revision while it is paused, and cannot be undone then', () => {
    expect(play(simple('pause'), setImage('v2'), undo(0))).toBe(
      'a paused Deployment cannot be rolled back; resume it first',
    )
    expect(play(simple('pause'), setImage('v2'), setImage('v3'), simple('resume'), undo(0))).toMatchObject({
      spec: { paused: false, template: { spec: { containers: [{ image: 'v1' }] } } },
    })
  })

  it('has a new template after each restart', () => {
    const annotated = play(simple('restart', 7)) as { spec: { template: { metadata: { annotations: object } } } }
    expect(annotated.spec.template.metadata.annotations).toEqual({ 'kubectl.kubernetes.io/restartedAt': '7 us' })
    expect(play(simple('restart', 7), simple('restart', 9))).not.toEqual(annotated)
  })

  it('takes patches and scale, and refuses what is gone', () => {
    const patch: Step = {
      atUs: 1,
      op: 'patch',
      workload,
      patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'v9' }] } } } },
    }
    expect(play(patch)).toEqual(web('v9'))
    expect(play({ atUs: 1, op: 'scale', workload, replicas: 7 })).toMatchObject({ spec: { replicas: 7 } })
    const gone: Step = { atUs: 1, op: 'delete', object: workload, cascade: 'background' }
    expect(play(gone, setImage('v2'))).toBe('Deployment/web does not exist at this time')
    expect(play(gone, { atUs: 2, op: 'apply', object: web('v5') })).toEqual(web('v5'))
  })
})
