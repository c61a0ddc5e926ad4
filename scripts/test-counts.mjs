#!/usr/bin/env node
// Prints "PASSED FAILED" from vitest's JSON report: test-counts.mjs REPORT EXIT_CODE.
// A test file that could not be loaded has no tests in the report, and skipped tests are not passed ones.
import { readFileSync } from 'node:fs';

const [report = '', exitCode = ''] = process.argv.slice(2);

try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  if (!Number.isSafeInteger(numPassedTests) || !Number.isSafeInteger(numFailedTests)) throw new TypeError();
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = numFailedTests + brokenFiles;
  const unexplained = failed === 0 && exitCode !== '0' ? 1 : 0;
  process.stdout.write(`${numPassedTests} ${failed + unexplained}\n`);
} catch {
  process.stderr.write('The test run left no readable report.\n');
  process.exitCode = 1;
}
