/** Languages whose programs get their arguments as data: nothing runs before the script itself has read them. */
export const scriptLanguages: ReadonlySet<string> = words(`
  python pypy ipython node nodejs deno bun ruby tsx ts-node
`);

/** Programs that run text as code: from an argument, from standard input or from a file that an argument names. */
const otherInterpreters = words(`
  sh bash dash ash zsh ksh mksh pdksh lksh oksh loksh posh rbash rksh yash fish csh tcsh es rc elvish nu nushell xonsh
  osh oil ysh ion pwsh powershell cmd command wscript cscript mshta osascript
  perl php php-cgi lua luajit texlua tclsh wish jimsh expect autoexpect r rscript littler octave julia guile scheme racket
  gosh chicken csi sbcl clisp ecl ccl clojure clj bb ghci runghc runhaskell ocaml ocamlrun swipl prolog gprolog erl
  escript elixir iex scala kotlin groovy jshell jjs java dotnet csharp fsi dart swift raku perl6 rexx regina pike icon
  janet fennel moon moonscript hy forth gforth pforth ngspice maxima gp sage scilab magma xcas gap
  awk gawk mawk nawk original-awk busybox-awk goawk sed gsed ssed ed ex red vi vim view rvim rview vimdiff gvim gview evim
  nvim neovim vimtutor nano pico micro kak helix hx emacs emacsclient xemacs jed joe jove mg mcedit
  dc bc m4 gm4 cpp gnuplot sqlite sqlite3 sqlcipher duckdb psql mysql mariadb mycli pgcli litecli isql sqlplus mongo mongosh
  redis-cli cqlsh influx gdb gdb-multiarch cgdb lldb rr bpftrace dtrace stap gs ghostscript
  tex latex pdftex pdflatex xetex xelatex luatex lualatex context troff groff nroff
  convert magick mogrify identify composite montage display animate import stream conjure gm sox soxi play rec
  less more most man pg lynx elinks links w3m mutt neomutt mail mailx nail telnet ftp lftp sftp nc ncat netcat socat
`);

/** Programs that start another program, which an argument, an option or a file names. */
const launchers = words(`
  env nice ionice chrt nohup stdbuf timeout gtimeout time setsid setarch linux32 linux64 i386 i486 i586 i686 x86_64 arch
  uname26 personality chroot unshare nsenter flock lockfile script scriptreplay runuser su sudo sudoedit doas pkexec gosu
  su-exec setpriv capsh newgrp sg start-stop-daemon daemonize daemon fg xargs gxargs parallel sem find gfind bfs fd fdfind
  watch entr incron at batch cron crontab anacron systemd-run systemctl service launchctl init
  telinit open xdg-open gio gvfs-open kde-open exo-open gnome-open start explorer rundll32 regsvr32 wmic forfiles runas
  psexec conhost winpty msiexec schtasks
  ssh slogin dropbear dbclient scp rsync rclone mosh rsh rlogin autossh sshpass pdsh clush ansible ansible-playbook salt
  docker podman nerdctl ctr crictl runc crun kubectl oc helm k3s minikube lxc lxc-attach lxc-execute incus machinectl
  systemd-nspawn distrobox toolbox vagrant firejail bwrap bubblewrap flatpak snap appimage-run wine wine64 mono box64 qemu
  qemu-user screen tmux byobu dtach abduco zellij unbuffer rlwrap rlfe strace ltrace perf valgrind heaptrack gdbserver uftrace
  tini dumb-init catatonit s6-svscan s6-setuidgid setuidgid envuidgid envdir softlimit chpst runsv runsvdir svc pgrphack
  proot fakeroot fakechroot faketime eatmydata numactl taskset prlimit cgexec cgcreate choom coreutils
  chronic ifne pee mispipe ts vidir vipe zrun run-parts run-one detach dbus-launch dbus-run-session ssh-agent gpg-agent
  xvfb-run startx xinit caffeinate xcrun hyperfine watchexec nodemon concurrently pm2 forever supervisord honcho foreman
  busybox toybox sbase-box
  npm npx pnpm pnpx yarn yarnpkg bunx corepack npm-cli.js npx-cli.js lerna nx turbo gulp grunt pip pipx uv uvx poetry pdm hatch
  tox nox conda mamba micromamba pixi rye pipenv pre-commit cargo rustc rustup go gofmt gradle gradlew mvn mvnw ant sbt
  lein boot make gmake bmake nmake mingw32-make cmake ctest ninja samu meson scons bazel bazelisk buck buck2 just task
  rake bundle bundler gem composer artisan mix rebar3 stack cabal nix nix-shell nix-build nix-env guix brew apt apt-get
  dpkg yum dnf rpm pacman apk zypper emerge
  gcc g++ cc c++ clang clang++ tcc ld lld gold as ar javac msbuild csc
  svn hg bzr fossil darcs cvs gh glab
  xterm uxterm rxvt urxvt konsole gnome-terminal xfce4-terminal alacritty kitty foot tilix terminator wezterm
  x-terminal-emulator xdotool ydotool i3-msg swaymsg hyprctl bspc dbus-send gdbus busctl adb gcloud aws az
  proxychains proxychains4 torsocks torify tsocks cpulimit runcon schroot dchroot execlineb ccache distcc sccache icecc
  direnv run0 sudo-rs su-rs nsjail minijail0 aws-vault chamber doppler dotenv cross-env env-cmd uclampset coverage tini-static
  usql sqlcmd bcp
  logrotate udevadm ip tcpdump tshark tar gtar bsdtar star zip cpio pax dump restore debugfs
`);

/** Without a name of their own they act as the program they are called as. */
export const multiCallPrograms: ReadonlySet<string> = words('busybox toybox coreutils sbase-box');

/** What git only reads with. Its other commands run programs (`bisect run`, `submodule foreach`) or prepare that. */
const readingCommands = words(`
  log show diff blame annotate grep shortlog describe rev-parse rev-list ls-files ls-tree cat-file name-rev whatchanged
  status count-objects merge-base
`);

export type ProgramKind = 'interpreter' | 'launcher' | 'other';

/** Judges a program by its name: with or without a version, a variant and the ending of Windows. */
export function kindByName(name: string, firstArgument?: string): ProgramKind {
  const spellings = spellingsOf(name);
  const isAny = (list: ReadonlySet<string>) => spellings.some((spelling) => list.has(spelling));
  // The dynamic linker runs the file that it is given.
  if (/^ld(64)?([-.].*)?\.so(\.\d+)*$/.test(spellings[0] ?? '')) return 'launcher';
  if (/^(qemu|s6)-/.test(spellings[0] ?? '')) return 'launcher';
  if (isAny(scriptLanguages) || isAny(otherInterpreters)) return 'interpreter';
  if (isAny(launchers)) return 'launcher';
  if (spellings.includes('git')) {
    return firstArgument !== undefined && readingCommands.has(firstArgument) ? 'other' : 'launcher';
  }
  return 'other';
}

/** `Python3.12.exe` → `python3.12`, `python`; `vim.basic` → `vim.basic`, `vim`. */
export function spellingsOf(name: string): readonly string[] {
  let spelling = name
    .toLowerCase()
    .replace(/\.(exe|com)$/, '')
    .replace(/^[.-]+/, '');
  // `perl5.36-x86_64-linux-gnu` is perl.
  const beforeVersion = /^[a-z]+(?=[-_.]?\d)/.exec(spelling)?.[0];
  const spellings = beforeVersion === undefined ? [spelling] : [spelling, beforeVersion];
  for (;;) {
    const shorter = spelling
      .replace(
        /[-_.](static|basic|tiny|nox|gtk\d?|athena|huge|minimal|real|orig|wrapped|preview|bin|mt|repl|debug|dbg)$/,
        '',
      )
      .replace(/[-_.]?v?\d[\d._-]*([a-z]\d?)?$/, '');
    if (shorter === spelling || shorter === '') return spellings;
    spelling = shorter;
    spellings.push(spelling);
  }
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
