import type { ConversationOptions } from '../contract/conversation-options.js';
import type { Profile } from '../contract/profile.js';
import type { AssistantTurns } from './assistant/assistant-turns.js';
import type { Outbox } from './core/outbox.js';
import type { Persona } from './core/persona.js';
import type { Trouble } from './core/trouble.js';
import { SelfHearing, suspicionMs } from './user/self-hearing.js';
import type { UserTurns } from './user/user-turns.js';

export interface BargeInParts {
  readonly out: Outbox;
  readonly profile: Profile;
  readonly persona: Persona;
  readonly user: UserTurns;
  readonly assistant: AssistantTurns;
  readonly trouble: Trouble;
  readonly options: ConversationOptions;
}

/** How the user takes the floor, by voice or in writing, and whether it was really the user who spoke. */
export class BargeIn {
  private readonly selfHearing = new SelfHearing();
  private soundedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: BargeInParts) {}

  /** What follows from the new state: our own voice may still be in the room for a while. */
  proceed(): void {
    if (this.parts.assistant.sounding) this.soundedAtMs = this.parts.out.nowMs;
  }

  typed(text: string): void {
    const { profile, trouble, assistant, user } = this.parts;
    const { typedText, typedTextNote, model } = profile;
    if (!typedText) {
      trouble.textUnsupported(model);
      return;
    }
    if (typedTextNote !== undefined) trouble.textExperimental(typedTextNote);
    assistant.interruptions.yield({ cancel: true, byHand: true });
    const itemId = user.typed(text);
    assistant.turnEnded();
    assistant.owe(itemId);
  }

  speechStarted(itemId: string | undefined, audioStartMs: number | undefined): void {
    const { out, profile, persona, assistant, user, options } = this.parts;
    const ownVoice = assistant.sounding || out.nowMs - this.soundedAtMs <= suspicionMs;
    // Even where no end of the last speech was reported: speaking over an answer means silence.
    const began = user.began(itemId, audioStartMs);
    if (began && ownVoice && itemId !== undefined && options.watchEcho) {
      this.selfHearing.interrupted(itemId, assistant.recentWords);
    }
    if (persona.habits.interrupted) {
      assistant.interruptions.yield({ cancel: !profile.interruptsItself, byHand: false });
    }
  }

  /** A turn has its place. One that was spoken over an answer which goes on, the server does not answer. */
  committed(itemId: string): void {
    const { persona, assistant, user } = this.parts;
    if (persona.habits.interrupted || !assistant.giving || !user.takeCrowdedOut()) return;
    assistant.oweAnswer(itemId);
    assistant.acknowledge(itemId);
  }

  /** Sound of a turn that we shall end ourselves follows. */
  ownSpeech(): void {
    const { out, assistant, user } = this.parts;
    const began = user.began(undefined, undefined);
    assistant.interruptions.yield({ cancel: true, byHand: false });
    if (began && user.endsByHand) out.send({ type: 'turn.begin' });
  }

  /** The words of a turn are known; they may be the assistant's own. */
  heard(itemId: string, text: string): void {
    const { out, trouble, options } = this.parts;
    if (!options.watchEcho || !this.selfHearing.heard(itemId, text)) return;
    out.push({ type: 'echo.half-duplex' });
    trouble.selfHearing();
  }
}
