#!/usr/bin/env node
// Version guard first: everything below is syntax that any Node since 14 can read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `voxterm needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a current one from nodejs.org.\n`,
  );
  process.exitCode = 3;
} else {
  try {
    const { main } = await import('../dist/cli.js');
    await main(process.argv);
  } catch (error) {
    // Where not even the program can be loaded, it cannot say so itself.
    if (error.code !== 'EMFILE') throw error;
    process.stderr.write(
      'error: This process may not open more files (EMFILE).\n' +
        'hint: Allow it more: "ulimit -n 1024" in the shell that starts it.\n',
    );
    process.exitCode = 3;
  }
}
