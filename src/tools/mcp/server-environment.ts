/** Variables that nearly every program needs. Our keys and tokens are not passed on. */
const passedOn = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'TZ',
    'TMPDIR',
    'TEMP',
    'TMP',
  ],
  ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
  ...['APPDATA', 'LOCALAPPDATA', 'COMSPEC', 'HOMEDRIVE', 'HOMEPATH', 'PATHEXT', 'PROCESSOR_ARCHITECTURE'],
  ...[
    'PROGRAMDATA',
    'PROGRAMFILES',
    'PROGRAMFILES(X86)',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'USERNAME',
    'USERPROFILE',
    'WINDIR',
  ],
];

/** The environment of a server: the common variables of ours, and its own. */
export function serverEnvironment(
  ours: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours)) {
    // Windows writes `Path`; an exported shell function in a value would run in every shell the server starts.
    if (value === undefined || value.startsWith('()') || !passedOn.includes(name.toUpperCase())) continue;
    env[name] = value;
  }
  return { ...env, ...own };
}
