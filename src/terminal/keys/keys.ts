import type { VoiceSession } from '../../session/voice-session.js';
import type { Key, KeyName } from './key-parser.js';
import { LineEditor } from './line-editor.js';

/** What keys can trigger outside the session. */
export interface KeyHost {
  /** Leave gracefully. */
  leave(): void;
  /** Leave at once. */
  leaveNow(): void;
  suspend(): void;
  /** Handles a finished line. */
  typed(text: string): void;
  /** Answers the current question by a letter. Returns whether it was an answer. */
  answer(letter: string): boolean;
}

/** Characters read at once that may still be separate keys, held down or pressed together. */
const longestBurst = 4;

/** The meaning of the keys. While a message is typed, letters are text; otherwise they are commands. */
export class Keys {
  readonly editor = new LineEditor();
  typing: boolean;
  help = false;
  /** Tap-to-talk is on. */
  talking = false;
  leaving = false;
  /** Feedback to the last key, until the next one. */
  notice: string | undefined;

  constructor(
    private readonly session: VoiceSession,
    private readonly host: KeyHost,
  ) {
    this.typing = this.onlyTyped;
  }

  handle(key: Key): void {
    this.notice = undefined;
    switch (key.type) {
      case 'paste':
        if (this.open()) this.editor.insert(key.text.trimEnd());
        break;
      case 'text':
        this.text(key.text);
        break;
      case 'press':
        this.press(key.name);
        break;
    }
  }

  /** Without a microphone the user can only type. */
  private get onlyTyped(): boolean {
    return this.session.profile.typedText && (this.session.sound?.inputName ?? null) === null;
  }

  private text(text: string): void {
    if (this.typing) this.editor.insert(text);
    // Too fast for typing: a paste in a terminal that does not mark pastes. It must not run as commands.
    else if (text.length > longestBurst) this.handle({ type: 'paste', text });
    else for (const character of text) this.command(character);
  }

  private command(character: string): void {
    if (this.host.answer(character)) return;
    switch (character.toLowerCase()) {
      case ' ':
      case 't':
        this.talk();
        break;
      case 'm':
        this.mute();
        break;
      case 'i':
        this.session.interrupt();
        break;
      case '?':
        this.help = !this.help;
        break;
      case 'q':
        this.leave();
        break;
      default:
        this.notice = 'Enter opens the line for typing; ? shows the keys.';
    }
  }

  private press(name: KeyName): void {
    switch (name) {
      case 'ctrl-c':
        this.leave();
        break;
      case 'ctrl-z':
        this.host.suspend();
        break;
      case 'escape':
        this.escape();
        break;
      case 'enter':
        if (this.typing) this.send();
        else this.open();
        break;
      case 'ctrl-d':
        if (this.typing && this.editor.text !== '') this.editor.press('delete');
        else this.leave();
        break;
      default:
        if (this.typing) this.editor.press(name);
    }
  }

  private talk(): void {
    if (this.session.turns !== 'hand')
      this.notice = 'Just speak: this model detects when you start and stop.';
    else if ((this.session.sound?.inputName ?? null) === null)
      this.notice = 'There is no microphone to talk into.';
    else this.talking = this.session.toggleTalk();
  }

  private mute(): void {
    if ((this.session.sound?.inputName ?? null) === null) this.notice = 'There is no microphone to mute.';
    else this.session.setMuted(!this.session.muted);
  }

  private escape(): void {
    if (this.help) this.help = false;
    else if (this.typing) this.typing = false;
    else this.session.interrupt();
  }

  private open(): boolean {
    if (!this.session.profile.typedText) {
      this.notice = 'This model does not accept typed messages.';
      return false;
    }
    this.typing = true;
    return true;
  }

  private send(): void {
    const text = this.editor.send();
    this.typing = text !== '' && this.onlyTyped;
    // A message may start with any letter: only a single letter is an answer.
    if (text !== '' && !this.host.answer(text)) this.host.typed(text);
  }

  private leave(): void {
    if (this.leaving) {
      this.host.leaveNow();
      return;
    }
    this.leaving = true;
    this.host.leave();
  }
}
