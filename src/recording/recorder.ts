import { join } from 'node:path';
import { WavFile } from '../audio/files/wav/wav-file.js';
import type { PartKey } from '../contract/events.js';
import { VoxtermError } from '../contract/failure.js';
import type { SessionEvent } from '../contract/session-events.js';
import { EventLog } from './event-log.js';
import { GrowingTranscript } from './growing-transcript.js';
import { HistoryMirror } from './history-mirror.js';
import { createSessionDirectory } from './session-directory.js';

export interface RecordingInfo {
  readonly provider: string;
  readonly model: string;
  /** Version of the program that records. */
  readonly version: string;
  readonly startedAt: Date;
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** Called once if recording had to stop (disk full, directory gone). The session goes on. */
  readonly onWarning: (warning: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
  }) => void;
}

/**
 * Writes a session to disk as it happens. All calls are synchronous and never throw: however the process ends, what was
 * said before is on disk. It contains no keys, but the user's words, so the directory is private.
 */
export interface Recorder {
  /** The directory of this recording. */
  readonly path: string;
  onEvent(event: SessionEvent): void;
  /** PCM16 mono at `inputRateHz`. `atMs` is when it began, since the start of the session; gaps become silence. */
  userAudio(pcm: Uint8Array, atMs?: number): void;
  /** PCM16 mono at `outputRateHz`, as it is handed to the speaker's queue. */
  assistantAudio(pcm: Uint8Array, part: PartKey): void;
  /** Completes all files. Safe to call twice. */
  close(): void;
}

/**
 * Starts recording into a new directory under `directory`: `user.wav` (on the session's clock), `assistant.wav` (the
 * answers one after the other, each cut where the user interrupted), `events.ndjson` and `transcript.md`.
 * @throws VoxtermError exit 2 if the directory cannot be written.
 */
export function createRecorder(directory: string, info: RecordingInfo): Recorder {
  return new SessionRecorder(createSessionDirectory(directory, info.startedAt), info);
}

/** How far the microphone's clock may drift from the session's before it counts as a gap, in milliseconds. */
const gapMs = 200;
/** Pause between two answers in `assistant.wav`, so that they can be told apart by ear. */
const pauseMs = 250;

class SessionRecorder implements Recorder {
  readonly path: string;
  private readonly user: WavFile;
  private readonly assistant: WavFile;
  private readonly log: EventLog;
  private readonly history = new HistoryMirror();
  private readonly transcript: GrowingTranscript;
  /** Where each answer begins in `assistant.wav`, in milliseconds. */
  private readonly answers = new Map<string, number>();
  private stopped = false;

  constructor(
    path: string,
    private readonly info: RecordingInfo,
  ) {
    const { provider, model, version, startedAt } = info;
    this.path = path;
    this.user = new WavFile(join(path, 'user.wav'), { rateHz: info.inputRateHz, channels: 1 });
    this.assistant = new WavFile(join(path, 'assistant.wav'), { rateHz: info.outputRateHz, channels: 1 });
    this.log = new EventLog(join(path, 'events.ndjson'), { version, provider, model, startedAt });
    this.transcript = new GrowingTranscript(join(path, 'transcript.md'));
  }

  onEvent(event: SessionEvent): void {
    this.recording(() => {
      this.log.append(event);
      if (event.type === 'playback.cleared') this.cutAnswer(event.itemId, event.heardMs);
      if (this.history.apply(event)) this.writeTranscript();
    });
  }

  userAudio(pcm: Uint8Array, atMs?: number): void {
    this.recording(() => {
      if (atMs !== undefined && atMs - this.user.durationMs > gapMs) this.user.endAt(atMs);
      this.user.append(pcm);
    });
  }

  assistantAudio(pcm: Uint8Array, part: PartKey): void {
    this.recording(() => {
      if (!this.answers.has(part.itemId)) {
        const endMs = this.assistant.durationMs;
        if (endMs > 0) this.assistant.endAt(endMs + pauseMs);
        this.answers.set(part.itemId, this.assistant.durationMs);
      }
      this.assistant.append(pcm);
    });
  }

  close(): void {
    this.recording(() => this.writeTranscript());
    this.stop();
  }

  /**
   * Sound is recorded when it is queued, so the part after an interruption, which was never heard, is cut off again.
   */
  private cutAnswer(itemId: string, heardMs: number): void {
    const startMs = this.answers.get(itemId);
    if (startMs === undefined) return;
    const endMs = startMs + heardMs;
    if (endMs < this.assistant.durationMs) this.assistant.endAt(endMs);
  }

  private writeTranscript(): void {
    this.transcript.write(this.history.items);
  }

  private recording(action: () => void): void {
    if (this.stopped) return;
    try {
      action();
    } catch (error) {
      this.stop();
      this.warn(error);
    }
  }

  private warn(error: unknown): void {
    const known = error instanceof VoxtermError ? error : undefined;
    this.info.onWarning({
      code: 'recording.stopped',
      message: `Recording stopped, the conversation goes on: ${known?.message ?? String(error)}`,
      hint: known?.hint ?? `What was recorded until now is in ${this.path}.`,
    });
  }

  private stop(): void {
    this.stopped = true;
    for (const file of [this.user, this.assistant, this.log, this.transcript]) {
      try {
        file.close();
      } catch {
        // The first failure was reported; each file keeps what it had.
      }
    }
  }
}
