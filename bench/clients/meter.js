/** Deltas that are not counted: the compiler works on its own account while code is new. */
const warmUp = 2000;

/**
 * CPU of this process, all threads, from the end of the warm-up to the end of the answer, in microseconds per delta.
 */
export class Meter {
  count = 0;
  bytes = 0;

  delta(bytes) {
    if (this.count === warmUp) this.start = process.cpuUsage();
    this.count += 1;
    this.bytes += bytes;
  }

  done() {
    const { user, system } = process.cpuUsage(this.start);
    process.stdout.write(
      `${JSON.stringify({ count: this.count, bytes: this.bytes, microseconds: (user + system) / (this.count - warmUp) })}\n`,
    );
    process.exit(0);
  }
}
