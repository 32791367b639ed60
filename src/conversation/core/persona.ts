import type { Profile } from '../../contract/profile.js';
import { RecentIds } from '../../contract/recent-ids.js';
import { type ServerHabits, serverHabits } from '../../contract/server-habits.js';
import type { SessionSettings, ToolSpec } from '../../contract/settings.js';
import type { Outbox } from './outbox.js';
import { RefusedSettings, type SettingsRefusal } from './refused-settings.js';

/** What an absent key stands for, where a server would otherwise keep what it was told before. */
const unsaid: SessionSettings = {
  instructions: '',
  modality: 'audio',
  tools: [],
  serverTools: [],
  parallelToolCalls: true,
  toolChoice: 'auto',
  noiseReduction: 'off',
  speed: 1,
  contextTruncation: 'auto',
};

/** What differs between two settings. */
export type SettingsChange = 'nothing' | 'tools' | 'more';

/**
 * Whom the model speaks as: the one place that knows the settings in force, who has the conversation, and what the
 * current connection has been told of it.
 */
export class Persona {
  /** The agent that has the conversation, where there are agents. */
  agent: string | undefined;
  /** What was said before, for a server that does not take all of it as items. */
  recap: string | undefined;
  /** Sound of an answer was received on this connection. */
  sounded = false;
  /** A note to the model that has no other way to it. */
  private remark: string | undefined;
  private wanted: SessionSettings;
  private told: SessionSettings;
  private readonly updates = new RecentIds();
  private readonly refused = new RefusedSettings();
  /** What the server had before the last update. */
  private toldBefore: SessionSettings = {};
  private toldVoiceKept = false;

  constructor(
    private readonly out: Outbox,
    private readonly profile: Profile,
    settings: SessionSettings,
    agent: string | undefined,
  ) {
    this.wanted = settings;
    this.told = settings;
    this.agent = agent;
  }

  get habits(): ServerHabits {
    return serverHabits(this.profile, this.wanted);
  }

  /** What an answer that begins now may call. */
  get tools(): readonly ToolSpec[] {
    return this.wanted.tools ?? [];
  }

  /** For a new connection, which knows nothing. */
  begin(): SessionSettings {
    this.sounded = false;
    this.remark = undefined;
    const settings = this.spoken();
    this.told = settings;
    return settings;
  }

  /** From now on these are the settings. They reach the model with the next {@link tell} or connection. */
  take(settings: SessionSettings, agent: string | undefined): SettingsChange {
    const before = this.wanted;
    this.wanted = this.kept(settings);
    if (agent !== undefined) {
      this.agent = agent;
      this.remark = undefined;
    }
    return difference(before, this.wanted);
  }

  /** Whether the model would have to be told anything of these settings. */
  differs(settings: SessionSettings): boolean {
    return difference(this.wanted, this.kept(settings)) !== 'nothing';
  }

  private kept(settings: SessionSettings): SessionSettings {
    return this.refused.strip({ ...settings, turnDetection: this.turnDetection(settings) });
  }

  /** Who ends the turns is settled for the whole session; how the server does it may change. */
  private turnDetection({ turnDetection }: SessionSettings): SessionSettings['turnDetection'] {
    const before = this.wanted.turnDetection;
    const byServer = turnDetection?.type === 'server' || turnDetection?.type === 'semantic';
    return byServer && before?.type !== 'none' ? turnDetection : before;
  }

  /** Tells the model something that is no part of the conversation. */
  remind(words: string): void {
    this.remark = words;
    this.tell();
  }

  /** Tells this connection all that is in force now; what the settings no longer have is taken back. */
  tell(): void {
    const now = this.spoken();
    const { voice, tracing, ...rest } = now;
    const eventId = this.out.newId('settings');
    this.updates.add(eventId);
    const settings: SessionSettings = {
      ...takenBack(this.told, now),
      ...rest,
      ...(this.mayHaveVoice(voice) && { voice }),
      // Servers refuse to change the record they have begun.
      ...(tracing !== undefined && this.told.tracing === undefined && { tracing }),
    };
    this.toldBefore = this.told;
    this.told = { ...this.told, ...settings };
    this.out.send({ type: 'session.update', settings, eventId });
  }

  private mayHaveVoice(voice: string | undefined): boolean {
    if (voice === undefined || voice === this.told.voice) return false;
    if (this.profile.voiceChange !== 'beforeAudio' || !this.sounded) return true;
    if (this.toldVoiceKept) return false;
    this.toldVoiceKept = true;
    this.out.emit({
      type: 'warning',
      code: 'voice.kept',
      message: `${this.profile.model} cannot change its voice after it has spoken; "${voice}" applies from the next connection.`,
      hint: 'Give the agents one voice, or let the one with the other voice begin.',
    });
    return false;
  }

  /** An error that quotes this id refuses the settings. */
  takeUpdate(eventId: string | undefined): boolean {
    if (eventId === undefined || !this.updates.take(eventId)) return false;
    // An update is refused as a whole.
    this.told = this.toldBefore;
    return true;
  }

  /**
   * Settings were refused for one of them: all the others are worth another try. Returns whether that was so, in which
   * case they have to be sent again.
   */
  giveUp(refusal: SettingsRefusal): boolean {
    const refused = this.refused.add(this.wanted, refusal);
    if (refused === undefined) return false;
    this.wanted = this.refused.strip(this.wanted);
    const { kind, path, value } = refused;
    const says = `It says: ${refusal.message}`;
    const warn = (code: string, message: string) => this.out.emit({ type: 'warning', code, message });
    switch (kind) {
      case 'voice':
        warn('voice.refused', `The server does not have the voice ${value} and uses its own. ${says}`);
        break;
      case 'tool':
        warn(
          'tool.refused',
          `The server does not accept the tool "${path[1]}", so the model cannot call it. ${says}`,
        );
        break;
      case 'format':
        warn('setting.refused', `The server does not accept the audio format and uses its own. ${says}`);
        break;
      case 'setting':
      case 'field':
        warn('setting.refused', `The server does not accept ${path.join('.')}, which is left out. ${says}`);
        break;
    }
    return true;
  }

  /** The settings with everything that has to be said in the instructions. */
  private spoken(): SessionSettings {
    const words = [this.wanted.instructions, this.recap, this.remark].filter((text) => text !== undefined);
    const settings = this.profile.tools ? this.wanted : { ...this.wanted, tools: undefined };
    return words.length === 0 ? settings : { ...settings, instructions: words.join('\n\n') };
  }
}

/** For each key that is gone: what it is as if it had never been said. */
function takenBack(before: SessionSettings, now: SessionSettings): SessionSettings {
  const names = keysOf(unsaid).filter((name) => before[name] !== undefined && now[name] === undefined);
  return Object.fromEntries(names.map((name) => [name, unsaid[name]]));
}

function difference(before: SessionSettings, now: SessionSettings): SettingsChange {
  const names = new Set([...keysOf(before), ...keysOf(now)]);
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
  if (changed.length === 0) return 'nothing';
  return changed.every((name) => name === 'tools') ? 'tools' : 'more';
}

function keysOf(settings: SessionSettings): (keyof SessionSettings)[] {
  // The compiler does not believe that an object has no further keys; here they would do no harm.
  return Object.keys(settings) as (keyof SessionSettings)[];
}
