/**
 * Programs that do nothing with an argument but read, print or look up what it names, as long as it is not an option.
 * Not on it: programs that write to a file which an argument names (`uniq`, `tee`, `xxd`), reach other machines with it
 * (`curl`), or run code in it (`jq`, `awk`). What is missing here needs `unsafe`; what is here too much is a hole.
 */
const readers: ReadonlySet<string> = new Set(
  `
  cat tac head tail nl wc sort shuf cut paste join comm cmp diff fold fmt pr rev column expand unexpand tr tsort
  od hexdump strings base32 base64 iconv numfmt cksum sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum
  grep egrep fgrep rg look locate
  ls dir vdir tree stat file du df basename dirname realpath readlink pathchk test which whereis
  date cal ncal uname uptime id groups who whoami getent ps pgrep pidof free lsblk lscpu
  echo printf seq factor expr sleep true false
  notify-send espeak espeak-ng say figlet
  `
    .trim()
    .split(/\s+/),
);

/**
 * Whether a program is known to only read its arguments. Git is, with the commands that `kindByName` leaves to it.
 * Unlike the names of interpreters these are compared exactly: `cat2` may be anything.
 */
export function onlyReads(name: string): boolean {
  const exact = /\.exe$/i.test(name) ? name.slice(0, -4).toLowerCase() : name;
  return exact === 'git' || readers.has(exact);
}
