import type { Profile } from './profile.js';
import type { SessionSettings } from './settings.js';
import { turnKeeper } from './turn-keeper.js';

/** What the server does by itself when it hears the user. */
export interface ServerHabits {
  /** It answers the turns that it detects. */
  readonly answers: boolean;
  /** The user's speech stops the answer: where the server does not do that, we do. */
  readonly interrupted: boolean;
}

/** What the settings ask for, as far as the server can be told. Turns that we end ourselves are ours to answer, too. */
export function serverHabits(
  profile: Profile,
  settings: Pick<SessionSettings, 'turnDetection'>,
): ServerHabits {
  const { turnDetection } = settings;
  const byServer = turnDetection?.type === 'server' || turnDetection?.type === 'semantic';
  const left = (name: 'createResponse' | 'interruptResponse'): boolean =>
    byServer && turnDetection[name] === false && profile.turnChoices?.includes(name) === true;
  return {
    answers: turnKeeper(profile, settings) === 'provider' && !left('createResponse'),
    interrupted: !left('interruptResponse'),
  };
}
