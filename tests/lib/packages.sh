# shellcheck shell=bash
# shellcheck disable=SC2154 # root, cache, not_run_status: see common.sh, read before this file
# Debian packages: installed when absent, or unpacked into a folder of the cache without installing them.
# The servers are those of this machine's own apt settings; none is named here.

# as_root COMMAND...: directly, or through sudo without asking for a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
        sudo -n "$@"
    else
        say "neither root nor sudo without a password: cannot run $1"
        return 1
    fi
}

apt_install_once() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update > /dev/null &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" > /dev/null
}

# need_command COMMAND PACKAGE: installs PACKAGE unless COMMAND is there; the stage is not run without it.
need_command() {
    command -v "$1" > /dev/null && return 0
    command -v apt-get > /dev/null || not_run "$1 is not installed, and there is no apt-get to install $2 with"
    as_root true || not_run "$1 is not installed, and installing $2 needs root"
    say "installing $2 for $1"
    patiently "package $2" apt_install_once "$2" || not_run "package $2 could not be downloaded"
    command -v "$1" > /dev/null || not_run "package $2 brought no $1"
}

# apt_servers KIND: the server of Debian's archive (archive) or of its security archive (security).
apt_servers() {
    local pattern='/debian/?$'
    [ "$1" = security ] && pattern='/debian-security/?$'
    # shellcheck disable=SC2016 # apt-get's own form of a variable
    apt-get indextargets --format '$(REPO_URI)' | sort -u | grep -E "$pattern" | head -n 1
}

# private_apt FOLDER: a private apt in FOLDER that knows three architectures and touches nothing of the system's.
# The security archive is asked for amd64 and arm64 alone: its armhf index is at times being rebuilt, and one
# failing index makes apt drop the others.
private_apt() {
    local folder=$1 archive security codename key=/usr/share/keyrings/debian-archive-keyring.gpg
    archive=$(apt_servers archive) || return 1
    security=$(apt_servers security) || return 1
    codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    mkdir -p "$folder"/{state/lists,cache/archives}/partial
    : > "$folder/status"
    printf '%s\n' "deb [signed-by=$key] $archive $codename main" \
        "deb [arch=amd64,arm64 signed-by=$key] $security $codename-security main" > "$folder/sources.list"
    cat > "$folder/apt.conf" <<END
Dir::State "$folder/state"; Dir::State::status "$folder/status"; Dir::Cache "$folder/cache";
Dir::Etc::sourcelist "$folder/sources.list"; Dir::Etc::sourceparts "-";
APT::Architecture "amd64"; APT::Architectures {"amd64"; "arm64"; "armhf";};
APT::Sandbox::User "root"; Acquire::Retries "2"; Acquire::Languages "none";
END
}

private_apt_update_once() {
    APT_CONFIG="$1/apt.conf" apt-get -q update > "$1/log" 2>&1 && ! grep -E '^(E:|Err)' "$1/log"
}

# private_apt_ready FOLDER: set up and its lists read, patiently.
private_apt_ready() {
    private_apt "$1" && patiently "package lists" private_apt_update_once "$1"
}

unpack_once() {
    local apt=$1 into=$2 fresh deb
    shift 2
    fresh=$(mktemp -d) || return 1
    if (cd "$fresh" && APT_CONFIG="$apt/apt.conf" apt-get -q download "$@" > /dev/null); then
        for deb in "$fresh"/*.deb; do dpkg -x "$deb" "$into" || return 1; done
        rm -rf "$fresh"
    else
        rm -rf "$fresh"
        return 1
    fi
}

# unpack APT INTO PACKAGE...: downloads the packages with the private apt and unpacks them into INTO.
unpack() {
    local apt=$1 into=$2
    shift 2
    mkdir -p "$into"
    patiently "packages $*" unpack_once "$apt" "$into" "$@"
}

# newest_version APT PACKAGE: the highest version the lists know.
newest_version() {
    APT_CONFIG="$1/apt.conf" apt-cache madison "$2" | awk '{print $3}' | sort -Vr | head -n 1
}
