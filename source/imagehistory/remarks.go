package imagehistory

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// Remarks says what the step did that matters.
func (s Step) Remarks() []snapshot.BuildRemark {
	var out []snapshot.BuildRemark
	note := func(kind snapshot.BuildKind, what string) {
		r := snapshot.BuildRemark{Step: s.Number, Instruction: s.Instruction, Kind: kind, What: strings.ToValidUTF8(what[:min(len(what), maxWhat)], "")}
		if len(out) <= maxRemarks && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	switch s.Instruction {
	case "RUN":
		s.ran(note)
	case "ADD", "COPY":
		s.copied(note)
	case "ENV", "ARG":
		for _, a := range s.Assigned {
			secretAssignment(note, a)
			switched(note, a)
			if name, value, _ := strings.Cut(a, "="); s.Instruction == "ARG" && value == "" && snapshot.SecretName(name) {
				note(snapshot.BuildSecretArg, name)
			}
		}
	case "WORKDIR":
		if dir := path.Clean(s.Dir); slices.Contains(systemDirs, dir) {
			note(snapshot.BuildWorkdir, dir)
		}
	}
	return out
}

// systemDirs hold the programs and settings of an image.
var systemDirs = []string{
	"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin",
}

type noter func(kind snapshot.BuildKind, what string)

func secretAssignment(note noter, assignment string) {
	name, value, _ := strings.Cut(assignment, "=")
	if snapshot.RedactEnv(name + "=" + strings.Trim(value, `"'`)).Secret() {
		note(snapshot.BuildSecret, name)
	}
}

// copied looks at the sources of ADD and COPY.
func (s Step) copied(note noter) {
	if s.unnamed != "" {
		s.copiedByChecksum(note)
		return
	}
	for _, source := range s.Sources {
		if isSecretFile(source) {
			note(snapshot.BuildSecretFile, path.Base(source))
		}
		if s.Instruction == "COPY" || isArchive(source) && !isRemote(source) {
			continue
		}
		switch {
		case !isRemote(source):
			note(snapshot.BuildAddFile, path.Base(source))
		case !s.Checked && !commit.MatchString(source):
			note(snapshot.BuildAddURL, snapshot.RedactURL(withoutQuery(source)))
		}
	}
}

// commit matches the source of a Git repository at one commit.
var commit = regexp.MustCompile(`#[0-9a-f]{40}(?::|$)`)

// copiedByChecksum: of a directory it is known that it is no archive. The
// first files of an image are those it is built upon.
func (s Step) copiedByChecksum(note noter) {
	switch {
	case s.Instruction != "ADD" || s.base:
	case strings.HasPrefix(s.unnamed, "dir:"):
		note(snapshot.BuildAddFile, "a directory")
	default:
		note(snapshot.BuildAddUnknown, "a file")
	}
}

// sourcesOf splits "[--chown=…] a b /target" and its form as a JSON list.
func sourcesOf(rest string) (sources, options []string) {
	rest = strings.NewReplacer("[", " ", "]", " ", `", "`, " ", `","`, " ", `"`, " ").Replace(rest)
	for _, w := range strings.Fields(rest) {
		if strings.HasPrefix(w, "--") {
			options = append(options, w)
			continue
		}
		if strings.HasPrefix(w, "<<") { // its content stands in the Dockerfile
			continue
		}
		sources = append(sources, w)
	}
	return sources[:max(0, len(sources)-1)], options
}

func isChecksum(option string) bool { return strings.HasPrefix(option, "--checksum=") }

func isRemote(source string) bool {
	return strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") || strings.HasPrefix(source, "git@") || strings.HasPrefix(source, "ftp://")
}

func withoutQuery(url string) string { before, _, _ := strings.Cut(url, "?"); return before }

// archives are what ADD unpacks (BuildKit, frontend/dockerfile, ADD).
var archives = []string{".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"}

func isArchive(source string) bool {
	return slices.ContainsFunc(archives, func(end string) bool { return strings.HasSuffix(source, end) })
}

// secretFiles are files that hold keys or passwords by their usual names.
var secretFiles = []string{
	"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".env", ".git-credentials", ".netrc", ".npmrc", ".pgpass", ".pypirc", ".dockercfg", ".htpasswd",
}

func isSecretFile(source string) bool {
	name := path.Base(source)
	return slices.Contains(secretFiles, name) || strings.HasSuffix(name, ".p12") || strings.HasSuffix(name, ".pfx") ||
		strings.HasSuffix(source, ".aws/credentials") || strings.HasSuffix(source, ".docker/config.json")
}
