import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, canonicalQuantity, cpuMillis, parseQuantity } from './quantity.ts'

describe('quantities', () => {
  // Values and printed forms were taken from resource.ParseQuantity of apimachinery v0.36.3.
  it.each([
    ['0', 0, 0, '0'],
    ['1', 1, 1000, '1'],
    ['1E', 1e18, 1e21, '1E'],
    ['1Ei', 2 ** 60, 2 ** 60 * 1000, '1Ei'],
    ['1e3', 1000, 1_000_000, '1e3'],
    ['100m', 1, 100, '100m'],
    ['0.5', 1, 500, '500m'],
    ['.5', 1, 500, '500m'],
    ['5.', 5, 5000, '5'],
    ['+5', 5, 5000, '5'],
    ['1.5Gi', 1_610_612_736, 1_610_612_736_000, '1536Mi'],
    ['1024Mi', 2 ** 30, 2 ** 30 * 1000, '1Gi'],
    ['1n', 1, 1, '1n'],
    ['1500u', 1, 2, '1500u'],
    ['0.0000000001', 1, 1, '1n'],
    ['1e-3', 1, 1, '1e-3'],
    ['12k', 12_000, 12_000_000, '12k'],
    ['-1.5', -2, -1500, '-1500m'],
    [0.1, 1, 100, '100m'],
    [2, 2, 2000, '2'],
  ])('reads %s', (text, whole, millis, printed) => {
    expect(bytes(text)).toBe(whole)
    expect(cpuMillis(text)).toBe(millis)
    expect(canonicalQuantity(text)).toBe(printed)
  })

  it.each(['', ' 1', '1 Gi', '1K', '1ki', '1GB', 'm', '1e', 'e3', '1.2.3', '0x10', '1_000', '١', 'Infinity', '--1'])(
    'refuses "%s"',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined()
      expect(() => bytes(text)).toThrow(RangeError)
    },
  )

  it('clamps what no 64-bit quantity holds, without building a huge number', () => {
    expect(bytes('1e999999999')).toBe(Number(2n ** 63n - 1n))
    expect(bytes('1e-999999999')).toBe(1)
  })

  it('agrees with exact fractions on any number and suffix', () => {
    const suffixes = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15 }
    const digits = fc.bigInt({ min: 0n, max: 999_999n })
    fc.assert(
      fc.property(digits, digits, fc.constantFrom(...Object.entries(suffixes)), (whole, fraction, [suffix, power]) => {
        const text = `${whole}.${String(fraction).padStart(6, '0')}${suffix}`
        // In units of 10^-15: six digits after the point, and n is 10^-9.
        const exact = (whole * 1_000_000n + fraction) * 10n ** BigInt(power + 9)
        const nanos = (exact + 999_999n) / 1_000_000n
        const nanosMax = (2n ** 63n - 1n) * 1_000_000_000n
        expect(parseQuantity(text)?.nano).toBe(nanos > nanosMax ? nanosMax : nanos)
      }),
    )
  })

  it('prints what reads as the same value', () => {
    const text = fc
      .tuple(fc.nat(), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi', 'e2', 'e-4'))
      .map((p) => p.join(''))
    fc.assert(
      fc.property(text, (written) => {
        expect(parseQuantity(canonicalQuantity(written))?.nano).toBe(parseQuantity(written)?.nano)
      }),
    )
  })
})
