import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { SessionSettings } from '../../../src/contract/settings.js';

/** A line of the page that is about something other than settings. */
export interface Row {
  /** What it is called here. */
  readonly ours: string;
  readonly note?: string;
  /** Does it, and fails where it does not do what the page says. */
  readonly check: () => void | Promise<void>;
}

/** A line about a setting: what becomes of it, every provider is asked. */
export interface SettingRow {
  readonly ours: string;
  readonly note?: string;
  readonly asks: SessionSettings;
  /** What is asked for anyway. */
  readonly besides?: SessionSettings;
  /** How it reaches OpenAI. */
  readonly openai: Partial<RealtimeSessionCreateRequest>;
}
