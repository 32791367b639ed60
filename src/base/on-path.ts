import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Whether a program is in one of the folders of `PATH`. */
export async function onPath(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const names = process.platform === 'win32' ? [`${command}.exe`, command] : [command];
  const found = await Promise.all(
    (env.PATH ?? env.Path ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .flatMap((folder) => names.map((name) => join(folder, name)))
      .map((file) =>
        access(file, constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
  );
  return found.includes(true);
}
