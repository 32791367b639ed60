import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../src/contract/profile.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { notesFor } from '../../../src/session/start/session-notes.js';
import { profile } from '../fake-link.js';

const tool = { name: 'get_weather', description: '', parameters: {} };

function notes(change: Partial<Profile>, settings: SessionSettings, tools = [tool], ownServer = false) {
  const all: Profile['settings'] = ['instructions', 'voice', 'turnDetection', 'transcription', 'tools'];
  return notesFor({ profile: { ...profile, settings: all, ...change }, settings, tools, ownServer });
}

describe('what the user is told before the first word', () => {
  it('is nothing when all is as asked, and nothing about what we ask for ourselves', () => {
    expect(notes({}, { voice: 'ada', transcription: { language: 'de' } })).toEqual([]);
    expect(notes({ settings: [] }, { transcription: { language: 'de' } })).toEqual([]);
  });

  it('is nothing about a record that is not wanted where there is none', () => {
    expect(notes({}, { tracing: 'off' })).toEqual([]);
    expect(notes({}, { tracing: 'auto' })).toMatchObject([
      { code: 'setting.ignored', message: 'fake-1 does not know this setting: tracing.' },
    ]);
  });

  it('names the tools that a model without tools will not use', () => {
    expect(notes({ tools: false }, {})).toMatchObject([
      { code: 'tools.unavailable', message: 'fake-1 calls no tools; it will not use get_weather.' },
    ]);
    expect(notes({ tools: false }, {}, [])).toEqual([]);
  });

  it('names tools of the provider that this model does not have, without their secrets', () => {
    const serverTools = [
      { type: 'web_search' },
      { type: 'mcp', label: 'shop', authorization: 'secret' },
    ] as const;
    const found = notes({ serverTools: ['web_search'] }, { serverTools });
    expect(found).toMatchObject([
      { code: 'tools.unavailable', message: 'fake-1 does not run these tools itself: mcp (shop).' },
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  it('suggests the voice that was meant, and leaves servers of the user’s own alone', () => {
    const voices = ['Marin', 'Cedar'];
    expect(notes({ voices }, { voice: 'marn' })).toMatchObject([
      { code: 'voice.unknown', hint: 'Did you mean Marin? Known voices: Marin, Cedar.' },
    ]);
    expect(notes({ voices }, { voice: 'marin' })).toEqual([]);
    expect(notes({ voices: [] }, { voice: 'marn' })).toEqual([]);
    expect(notes({ voices }, { voice: 'marn' }, [tool], true)).toEqual([]);
  });

  it('says who notices the end of a turn where the model does not', () => {
    expect(notes({ turns: 'none' }, { turnDetection: { type: 'semantic' } })).toMatchObject([
      { code: 'setting.ignored', message: expect.stringContaining('our own detector') },
    ]);
    expect(notes({ turns: 'none', settings: [] }, { turnDetection: { type: 'client' } })).toEqual([]);
  });

  it('lists the settings that have no effect', () => {
    const settings: SessionSettings = {
      speed: 1.2,
      temperature: 0.5,
      turnDetection: { type: 'server' },
      transcription: { prompt: 'names' },
    };
    expect(notes({ settings: ['temperature'] }, settings).map(({ message }) => message)).toEqual([
      'fake-1 does not know these settings: turns, transcription, speed.',
    ]);
  });
});

describe('what a server cannot be told not to do', () => {
  const turnDetection = { type: 'server', createResponse: false, interruptResponse: false } as const;

  it('is told before the first word', () => {
    expect(notes({}, { turnDetection }).map(({ message }) => message)).toEqual([
      'fake-1 answers every turn by itself; createResponse has no effect.',
      'fake-1 always stops when you speak; interruptResponse has no effect.',
    ]);
  });

  it('is nothing where it can be told, and nothing where the default was asked for', () => {
    expect(notes({ turnChoices: ['createResponse', 'interruptResponse'] }, { turnDetection })).toEqual([]);
    expect(
      notes({}, { turnDetection: { type: 'server', createResponse: true, interruptResponse: true } }),
    ).toEqual([]);
  });

  it('is said of voices with ids where nobody knows them', () => {
    const asked = { voice: 'id:voice_1' };
    expect(notes({ voices: ['ada'] }, asked)).toMatchObject([{ code: 'voice.unknown' }]);
    expect(notes({ voices: ['ada'], customVoices: true }, asked)).toEqual([]);
  });
});
