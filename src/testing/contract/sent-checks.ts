import type { Command } from '../../contract/commands.js';
import type { Frame } from '../../contract/frame.js';
import type { Profile } from '../../contract/profile.js';
import type { Codec } from '../../providers/provider.js';
import { comparable, frameOf } from './recorded-session.js';
import { sampleCommands } from './sample-commands.js';
import { shown } from './shape.js';
import type { Subject } from './subject.js';

/** What a profile claims, and the commands of which at least one must then become a frame. */
const claims: readonly {
  readonly what: string;
  readonly claimed: (profile: Profile) => boolean;
  readonly commands: readonly Command[];
}[] = [
  {
    what: 'sound',
    claimed: ({ mediaElsewhere }) => mediaElsewhere !== true,
    commands: [{ type: 'audio.append', audio: new Uint8Array(960) }],
  },
  {
    what: 'typed text',
    claimed: ({ typedText }) => typedText,
    commands: [
      { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hello' } },
      { type: 'response.create' },
    ],
  },
  {
    what: 'pictures',
    claimed: ({ images }) => images !== null,
    commands: [
      { type: 'audio.append', audio: new Uint8Array(960) },
      { type: 'item.create', item: { kind: 'image', mime: 'image/jpeg', data: new Uint8Array([1, 2, 3]) } },
    ],
  },
  {
    what: 'truncation',
    claimed: ({ truncation }) => truncation === 'explicit',
    commands: [{ type: 'item.truncate', itemId: 'item_1', contentIndex: 0, audioEndMs: 420 }],
  },
  {
    what: 'deletion',
    claimed: ({ deletesItems }) => deletesItems,
    commands: [{ type: 'item.delete', itemId: 'item_1' }],
  },
  {
    what: 'earlier messages',
    claimed: ({ replay }) => replay !== 'none',
    commands: [
      { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Earlier' } },
      { type: 'response.create' },
    ],
  },
  {
    what: 'the end of a turn',
    claimed: ({ clientTurns }) => clientTurns,
    commands: [
      { type: 'turn.begin' },
      { type: 'audio.append', audio: new Uint8Array(960) },
      { type: 'audio.commit' },
      { type: 'response.create' },
    ],
  },
];

export function checkSent({ provider, sessions, runner, readFrame, profile, codec }: Subject): void {
  const { describe, it, expect } = runner;

  describe(`${provider.id}: frames we send`, () => {
    it('are readable for every command, and each connection begins with a codec of its own', () => {
      const rounds = [1, 2].map(() => {
        const fresh = codec();
        const frames = [...fresh.open(), ...sampleCommands.flatMap((command) => encoded(fresh, command))];
        return comparable(frames.map((frame) => readFrame(frame)));
      });
      expect(rounds[0]).toEqual(rounds[1]);
    });

    it('leave the commands as they are', () => {
      const before = comparable(sampleCommands);
      const fresh = codec();
      for (const command of sampleCommands) fresh.encode(command);
      expect(comparable(sampleCommands)).toEqual(before);
    });

    it('come at every moment of a session', () => {
      for (const { steps } of sessions) {
        const fresh = codec();
        fresh.open();
        for (const step of steps) {
          fresh.decode(frameOf(step));
          for (const command of sampleCommands) for (const frame of encoded(fresh, command)) readFrame(frame);
        }
      }
    });

    for (const { what, claimed, commands } of claims) {
      if (!claimed(profile())) continue;
      it(`carry ${what}, as the profile says`, () => {
        const fresh = codec();
        fresh.open();
        fresh.encode({ type: 'session.update', settings: {} });
        if (commands.every((command) => encoded(fresh, command).length === 0))
          throw new Error(`No frame for ${commands.map(({ type }) => type).join(', ')}.`);
      });
    }

    if (profile().keepAliveS !== null) {
      it('keep an idle connection open, as the profile says', () => {
        const frames = codec().keepAlive?.() ?? [];
        for (const frame of frames) readFrame(frame);
        if (frames.length === 0)
          throw new Error('`keepAliveS` needs a `keepAlive` of the codec that gives frames.');
      });
    }
  });
}

function encoded(codec: Codec, command: Command): Frame[] {
  const frames = codec.encode(command);
  for (const frame of frames) {
    if (typeof frame !== 'string' && !(frame instanceof Uint8Array))
      throw new Error(`${command.type} must become strings or Uint8Arrays, not ${shown(frame)}.`);
  }
  return frames;
}
