import { describe, expect, it } from 'vitest';
import { EnergyVad } from '../../../src/audio/turns/energy-vad.js';
import { loadTurnDetector } from '../../../src/audio/turns/load-turn-detector.js';
import { VoxtermError } from '../../../src/contract/failure.js';

async function failure(model?: string): Promise<VoxtermError> {
  const error: unknown = await loadTurnDetector({ type: 'silero', model }).catch((reason: unknown) => reason);
  if (error instanceof VoxtermError) return error;
  throw new Error('it should have failed with words');
}

describe('which detector', () => {
  it('uses energy by default', async () => {
    expect((await loadTurnDetector())({ rateHz: 24_000 })).toBeInstanceOf(EnergyVad);
    expect((await loadTurnDetector({ type: 'energy' }))({ rateHz: 24_000 })).toBeInstanceOf(EnergyVad);
  });

  it('says where the network comes from', async () => {
    const { message, hint, exitCode } = await failure();
    expect(exitCode).toBe(3);
    expect(message).toMatch(/silero/);
    expect(hint).toMatch(/silero_vad\.onnx.*"model"/);
    // The setting is turns.detector, or turns.type of the engines: a name here would be wrong for one of them.
    expect(`${message} ${hint}`).not.toMatch(/turns\.(type|model|detector)/);
  });

  it('says how to get the package that is not a dependency', async () => {
    const { message, hint, exitCode } = await failure('/nowhere/silero_vad.onnx');
    expect(exitCode).toBe(3);
    expect(message).toMatch(/sherpa-onnx-node/);
    expect(hint).toMatch(/npm install sherpa-onnx-node/);
  });
});
