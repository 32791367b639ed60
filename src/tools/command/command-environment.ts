type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that nearly every program needs. Our keys are not passed on. */
const passedOn = new Set([
  ...['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'USER'],
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'PATHEXT', 'COMSPEC', 'TEMP', 'TMP', 'USERNAME', 'USERPROFILE'],
  ...['APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES'],
]);

/** @param wanted names of further variables to pass on, or variables with their values. */
export function commandEnvironment(
  ours: Environment,
  wanted: readonly string[] | Readonly<Record<string, string>> = [],
): Record<string, string> {
  const names = new Set<string>(isList(wanted) ? wanted : []);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(ours)) {
    // Windows writes `Path`.
    const common = passedOn.has(name.toUpperCase()) || name.startsWith('LC_');
    if (value !== undefined && (common || names.has(name))) env[name] = value;
  }
  return isList(wanted) ? env : { ...env, ...wanted };
}

function isList(wanted: readonly string[] | Readonly<Record<string, string>>): wanted is readonly string[] {
  return Array.isArray(wanted);
}
