import { EchoGate } from '../../src/audio/microphone/echo-gate.js';
import { MicrophoneFramer } from '../../src/audio/microphone/microphone-framer.js';
import { pcmOf } from '../../src/audio/samples/pcm16.js';
import { rms } from '../../src/audio/samples/samples.js';
import { EnergyVad } from '../../src/audio/turns/energy-vad.js';
import { ClientTurns } from '../../src/session/voice/client-turns.js';
import { InputAudio, type TurnEdge } from '../../src/simulator/hearing/input-audio.js';

/** Rate of the device; the provider's is another, so that the sound is converted as on most machines. */
export const deviceHz = 16_000;
const providerHz = 24_000;
const frameMs = 20;

/** Called when a turn begins or ends, with the time in ms since the room was opened. */
export type OnTurn = (by: 'provider' | 'client', what: 'began' | 'ended', atMs: number) => void;

/**
 * The way of sound from a microphone to turns, with a clock of its own: frames of the microphone, echo gate, then turn
 * detection by the built-in provider and, beside it, on the client's side.
 */
export class ListeningRoom {
  private readonly gate = new EchoGate('gate');
  private readonly microphone = new MicrophoneFramer({
    fromHz: deviceHz,
    toHz: providerHz,
    gate: this.gate,
    muted: false,
  });
  private readonly provider: InputAudio;
  private readonly client: ClientTurns;
  nowMs = 0;

  constructor(private readonly onTurn: OnTurn) {
    this.provider = new InputAudio(
      {
        format: { type: 'audio/pcm', rate: providerHz },
        transcription: null,
        noise_reduction: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 500,
          create_response: true,
          interrupt_response: true,
          idle_timeout_ms: null,
        },
      },
      (settings) => new EnergyVad(settings),
    );
    const detector = new EnergyVad({ rateHz: providerHz, silenceMs: 700, minSpeechMs: 200 });
    this.client = new ClientTurns(
      { rateHz: providerHz, minSpeechMs: 200, detector },
      {
        began: () => onTurn('client', 'began', this.nowMs),
        sound: () => undefined,
        ended: () => onTurn('client', 'ended', this.nowMs),
        discarded: () => onTurn('client', 'ended', this.nowMs),
      },
    );
  }

  /** 20 ms at the microphone, while these samples of an answer, if any, go to the speaker. */
  pass(heard: Float32Array, played: Float32Array | undefined): void {
    this.nowMs += frameMs;
    if (played !== undefined) {
      const half = played.length / 2;
      for (const block of [played.subarray(0, half), played.subarray(half)])
        this.gate.render(rms(block), this.nowMs);
    }
    for (const { audio } of this.microphone.hear(pcmOf(heard), this.nowMs)) {
      for (const edge of this.provider.append(Buffer.from(audio).toString('base64'))) this.tell(edge);
      this.client.hear(audio);
    }
  }

  private tell({ type }: TurnEdge): void {
    this.onTurn('provider', type === 'started' ? 'began' : 'ended', this.nowMs);
  }
}
