import { DefaultReporter } from 'vitest/node'

/** The usual report, and at last the plain line that scripts and CI read: `N passed, N failed`. */
export default class ClosingLineReporter extends DefaultReporter {
  onTestRunEnd(testModules, unhandledErrors, reason) {
    super.onTestRunEnd(testModules, unhandledErrors, reason)
    let passed = 0
    // A file that cannot be loaded runs no test, so the file itself counts as failed; so does an error outside all tests.
    let failed = unhandledErrors.length
    for (const testModule of testModules) {
      if (testModule.errors().length > 0) failed++
      for (const test of testModule.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
      }
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`)
  }
}
