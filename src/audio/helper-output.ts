/** What PortAudio, ALSA and JACK print at every opening, even when all is well. */
const routineOutput =
  /^(ALSA lib |PortAudio V|Input (audio options|device name)|Output (audio options|device name)|Finishing (input|output)|AudioIO: portAudio status|Cannot connect to server|jack server is not running|JackShm|connect\(2\) call|attempt to connect|Expression ')/;
const keptLines = 5;

/** Lines that the sound helper and the libraries in it print: the last ones explain a failure, all go to the log. */
export class HelperOutput {
  private readonly onLine: ((line: string) => void) | undefined;
  private rest = '';
  private kept: string[] = [];

  constructor(onLine?: (line: string) => void) {
    this.onLine = onLine;
  }

  read(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) {
      if (line.trim() === '' || routineOutput.test(line)) continue;
      this.onLine?.(line);
      this.kept = [...this.kept, line].slice(-keptLines);
    }
  }

  /** The last lines that are not routine. */
  get last(): readonly string[] {
    return this.rest.trim() === '' || routineOutput.test(this.rest) ? this.kept : [...this.kept, this.rest];
  }
}
