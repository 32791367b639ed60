import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { yandexEntry } from '../catalog.js';
import type { ConnectionSettings } from '../provider.js';

/**
 * `gpt://<folder>/<model>`, the only form the server accepts. A model that is already in this form is not changed.
 * @throws VoxtermError exit 3 if the folder is unknown.
 */
export function modelUri({ model, env, options }: ConnectionSettings): string {
  if (/^gpt:\/\//.test(model)) return model;
  const folder = options?.folder ?? env.YANDEX_FOLDER_ID ?? '';
  if (folder === '') {
    throw new VoxtermError(
      'Yandex needs the id of the folder that owns the model, and YANDEX_FOLDER_ID is not set.',
      {
        code: 'provider.folder-missing',
        exitCode: ExitCode.configuration,
        hint:
          'The console shows it beside the name of the folder (b1g…). Set YANDEX_FOLDER_ID or "folder", ' +
          'or write the whole model: gpt://<folder>/speech-realtime-260528.',
        facts: {
          provider: yandexEntry.id,
          variables: ['YANDEX_FOLDER_ID'],
          options: ['providerOptions.folder', 'model'],
        },
      },
    );
  }
  return `gpt://${folder}/${model}`;
}

/** Encoded as the vendor's clients do: `:` and `/` stay readable. */
export function inQuery(uri: string): string {
  return encodeURIComponent(uri).replaceAll('%3A', ':').replaceAll('%2F', '/');
}
