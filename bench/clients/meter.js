/** CPU of this process from the first delta to the end of the answer, in microseconds per delta. */
export class Meter {
  count = 0;
  bytes = 0;

  delta(bytes) {
    if (this.count === 0) this.start = process.cpuUsage();
    this.count += 1;
    this.bytes += bytes;
  }

  done() {
    const { user, system } = process.cpuUsage(this.start);
    process.stdout.write(
      `${JSON.stringify({ count: this.count, bytes: this.bytes, microseconds: (user + system) / this.count })}\n`,
    );
    process.exit(0);
  }
}
