import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../built.js';

/** Another project on this machine, which knows of this one what is published, and nothing else. */
export class OtherProject {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'voxterm-package-')));

  constructor() {
    const content = { name: 'a-user', type: 'module', private: true };
    writeFileSync(join(this.path, 'package.json'), JSON.stringify(content));
  }

  /** @throws Error with what the program has printed when it fails. */
  run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    try {
      return execFileSync(program, args, {
        cwd: this.path,
        encoding: 'utf8',
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      // What the compiler complains about stands on standard output.
      const said = ['stdout', 'stderr'].map((stream) => String(Reflect.get(Object(error), stream))).join('');
      throw new Error(`${program} ${args.join(' ')} failed:\n${said}`, { cause: error });
    }
  }

  /**
   * The package as it would be published, as a file. Already built; what a release does beyond that concerns the native
   * module.
   */
  pack(): string {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.path];
    return join(this.path, execFileSync('npm', args, { cwd: packageRoot, encoding: 'utf8' }).trim());
  }

  /** What stands in node_modules here stands there, too. */
  link(...packages: readonly string[]): void {
    for (const name of packages) {
      const place = join(this.path, 'node_modules', name);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(realpathSync(join(packageRoot, 'node_modules', name)), place);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
