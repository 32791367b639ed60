import { nearestName } from '../../base/nearest-name.js';
import type { HistoryItem } from '../../contract/items.js';
import type { Profile } from '../../contract/profile.js';
import {
  type ServerTool,
  type SessionSettings,
  type SettingName,
  settingNames,
  type ToolSpec,
} from '../../contract/settings.js';
import { customVoiceId } from '../../providers/custom-voice.js';
import type { Note } from '../../providers/provider.js';

export interface NotesFor {
  readonly profile: Profile;
  /** As the user gave them, without defaults. */
  readonly settings: SessionSettings;
  readonly tools: readonly ToolSpec[];
  /** The user's own server, whose voices are unknown. */
  readonly ownServer: boolean;
  /** From an earlier session. */
  readonly history?: readonly HistoryItem[] | undefined;
}

/** Whether the model can receive an earlier conversation: as messages, or in its instructions. */
export function learnsHistory({ replay, settings }: Profile): boolean {
  return replay !== 'none' || settings.includes('instructions');
}

/** Requested settings that will have no effect according to the profile, most important first. */
export function notesFor(asked: NotesFor): Note[] {
  return [
    ...historyNotes(asked),
    ...toolNotes(asked),
    ...serverToolNotes(asked),
    ...voiceNotes(asked),
    ...turnNotes(asked),
    ...settingNotes(asked),
  ];
}

function historyNotes({ profile, history = [] }: NotesFor): Note[] {
  if (history.length === 0 || learnsHistory(profile)) return [];
  return [
    {
      code: 'history.untold',
      message: `${profile.model} cannot be told what was said in the earlier conversation; it knows what it remembers itself.`,
    },
  ];
}

function toolNotes({ profile, tools }: NotesFor): Note[] {
  if (profile.tools || tools.length === 0) return [];
  const list = tools.map(({ name }) => name).join(', ');
  return [
    {
      code: 'tools.unavailable',
      message: `${profile.model} calls no tools; it will not use ${list}.`,
      hint: 'Choose a model that does, or leave them out.',
      facts: { model: profile.model, provider: profile.provider, tools: tools.map(({ name }) => name) },
    },
  ];
}

function serverToolNotes({ profile, settings }: NotesFor): Note[] {
  const missing = (settings.serverTools ?? []).filter(({ type }) => !profile.serverTools.includes(type));
  if (missing.length === 0) return [];
  const list = missing.map(nameOf).join(', ');
  const offered = profile.serverTools.join(', ');
  return [
    {
      code: 'tools.unavailable',
      message: `${profile.model} does not run these tools itself: ${list}.`,
      hint: offered === '' ? 'It runs none.' : `It runs: ${offered}.`,
    },
  ];
}

function nameOf(tool: ServerTool): string {
  return tool.type === 'mcp' ? `mcp (${tool.label})` : tool.type;
}

function voiceNotes({ profile, settings, ownServer }: NotesFor): Note[] {
  const { voice } = settings;
  const { voices } = profile;
  const id = customVoiceId(voice);
  if (id !== undefined) return profile.customVoices ? [] : [customVoice(profile, id)];
  if (voice === undefined || ownServer || voices.length === 0 || !profile.settings.includes('voice'))
    return [];
  if (voices.some((name) => name.toLowerCase() === voice.toLowerCase())) return [];
  const nearest = nearestName(voice, voices);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return [
    {
      code: 'voice.unknown',
      message: `${profile.model} is not known to have a voice "${voice}".`,
      hint: `${meant}Known voices: ${voices.join(', ')}.`,
    },
  ];
}

function customVoice({ model }: Profile, id: string): Note {
  return {
    code: 'voice.unknown',
    message: `${model} is not known to have voices with ids; it is asked for "${id}" by name.`,
  };
}

function turnNotes({ profile, settings: { turnDetection } }: NotesFor): Note[] {
  if (turnDetection?.type !== 'server' && turnDetection?.type !== 'semantic') return [];
  if (profile.turns !== 'none')
    return profile.settings.includes('turnDetection') ? choiceNotes(profile, turnDetection) : [];
  return [
    {
      code: 'setting.ignored',
      message: `${profile.model} does not notice the end of your turns; our own detector does, by silence.`,
      hint: 'Ask for turn detection by the client: the same, without this note.',
      facts: { setting: 'turnDetection', instead: 'client' },
    },
  ];
}

function choiceNotes(
  { model, turnChoices = [] }: Profile,
  {
    createResponse,
    interruptResponse,
  }: { createResponse?: boolean | undefined; interruptResponse?: boolean | undefined },
): Note[] {
  const notes: Note[] = [];
  if (createResponse === false && !turnChoices.includes('createResponse')) {
    notes.push({
      code: 'setting.ignored',
      message: `${model} answers every turn by itself; createResponse has no effect.`,
      hint: 'End the turns yourself ("turns": {"type": "none"}): then nothing is answered before.',
    });
  }
  if (interruptResponse === false && !turnChoices.includes('interruptResponse')) {
    notes.push({
      code: 'setting.ignored',
      message: `${model} always stops when you speak; interruptResponse has no effect.`,
      hint: 'Mute the microphone while it must not be interrupted.',
    });
  }
  return notes;
}

function settingNotes({ profile, settings }: NotesFor): Note[] {
  const ignored = given(profile, settings).filter((name) => !profile.settings.includes(name));
  if (ignored.length === 0) return [];
  const one = ignored.length === 1;
  const list = ignored.map((name) => (name === 'turnDetection' ? 'turns' : name)).join(', ');
  return [
    {
      code: 'setting.ignored',
      message: `${profile.model} does not know ${one ? 'this setting' : 'these settings'}: ${list}.`,
      hint: `Without ${one ? 'it' : 'them'} the result is the same.`,
    },
  ];
}

/** The settings that the user made; whether to transcribe, and the language, are set by the session. */
function given({ turns }: Profile, settings: SessionSettings): SettingName[] {
  return settingNames.filter((name) => {
    switch (name) {
      case 'tools':
      case 'serverTools':
        return false; // they have notes of their own
      case 'turnDetection': {
        const type = settings.turnDetection?.type;
        return turns !== 'none' && (type === 'server' || type === 'semantic');
      }
      case 'transcription': {
        const { model, languages, prompt, keywords, delay } = settings.transcription ?? {};
        return [model, languages, prompt, keywords, delay].some((value) => value !== undefined);
      }
      case 'tracing':
        // `off` has its effect without tracing, too.
        return settings.tracing !== undefined && settings.tracing !== 'off';
      default:
        return settings[name] !== undefined;
    }
  });
}
