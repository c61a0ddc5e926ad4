// Preloaded into a process that is measured: writes what it used to file descriptor 3 when it exits. CommonJS, so that
// it loads nothing that Node would not load anyway.
process.on('exit', () => {
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) return;
  const fs = process.getBuiltinModule('node:fs');
  const used = process.resourceUsage();
  fs.writeSync(3, JSON.stringify({ ...used, maxRSS: peakMemoryKb(fs) ?? used.maxRSS }));
});

/** The peak that `resourceUsage()` gives on Linux counts the memory of the parent process when it is the larger one. */
function peakMemoryKb(fs) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return undefined;
  }
}
