export interface ResponseLatency {
  readonly firstAudioMs?: number;
  readonly heardMs?: number;
}

/** From the end of the user's turn to the answer's first sound: received, and rendered. One measure per turn. */
export class TurnLatency {
  private turnEndedAtMs: number | undefined;
  private responseId: string | undefined;
  private firstAudioMs: number | undefined;
  private heardMs: number | undefined;

  turnEnded(nowMs: number): void {
    this.turnEndedAtMs = nowMs;
    this.responseId = undefined;
    this.firstAudioMs = undefined;
    this.heardMs = undefined;
  }

  audioReceived(responseId: string, nowMs: number): void {
    if (this.turnEndedAtMs === undefined || this.firstAudioMs !== undefined) return;
    this.firstAudioMs = tenths(nowMs - this.turnEndedAtMs);
    this.responseId = responseId;
  }

  rendered(nowMs: number): void {
    if (this.turnEndedAtMs === undefined || this.firstAudioMs === undefined) return;
    this.heardMs ??= tenths(nowMs - this.turnEndedAtMs);
  }

  of(responseId: string): ResponseLatency {
    if (responseId !== this.responseId) return {};
    return {
      ...(this.firstAudioMs === undefined ? {} : { firstAudioMs: this.firstAudioMs }),
      ...(this.heardMs === undefined ? {} : { heardMs: this.heardMs }),
    };
  }
}

/** Finer than anything that is measured here; floating point would add twelve digits of nothing. */
function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
