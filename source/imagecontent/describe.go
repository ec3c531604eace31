package imagecontent

import (
	"archive/tar"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"seawall/lang"
	"seawall/snapshot"
)

// describe says what an entry tells by its header and, of few files, by their
// beginning.
func describe(p string, h *tar.Header, r io.Reader, head headFunc) (*entry, error) {
	e := &entry{path: p, file: snapshot.ImageFile{
		Path: printable(p), Dir: h.Typeflag == tar.TypeDir,
		Mode: snapshot.Mode(h.Mode & 0o7777), UID: h.Uid, GID: h.Gid, Size: h.Size,
	}}
	mode := e.file.Mode
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse, tar.TypeLink:
	case tar.TypeDir:
		e.open = mode&0o1002 == 0o002 && systemPath(p)
		return e, nil
	default:
		if isAccounts(p) {
			e.accounts = &accounts{unread: errLinked}
		}
		return e, nil
	}
	e.setID = mode&0o6000 != 0
	e.open = mode&0o002 != 0 && systemPath(p)
	if attribute, ok := h.PAXRecords["SCHILY.xattr.security.capability"]; ok {
		caps, effective, err := parseCapability([]byte(attribute))
		if err != nil {
			return nil, err
		}
		e.file.Capabilities, e.file.CapsEffective, e.caps = caps, effective, caps != 0
	}
	if h.Typeflag == tar.TypeLink {
		e.linked(path.Clean("/" + h.Linkname))
		return e, nil
	}
	e.readAccounts(r, head)
	e.readSecrets(r, head)
	return e, nil
}

// errLinked says why a file was not looked into.
var errLinked = errors.New(lang.N("it is a link to a file of another name"))

// linked notes that the content of a hard link is that of another entry, which
// was looked into only if its own name called for it.
func (e *entry) linked(target string) {
	if isAccounts(e.path) {
		e.accounts = &accounts{unread: errLinked}
	}
	if mayHoldSecret(e.path) && !mayHoldSecret(target) {
		e.note(snapshot.SecretUnread, errLinked.Error())
	}
}

// systemPath reports whether a path belongs to the system rather than to an
// application's data.
func systemPath(p string) bool {
	top, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	switch top {
	case "bin", "boot", "etc", "lib", "lib32", "lib64", "libx32", "root", "sbin", "usr", "":
		return true
	}
	return false
}

// printable writes a path so that it cannot act on a terminal.
func printable(p string) string {
	if utf8.ValidString(p) && strings.IndexFunc(p, func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		return p
	}
	quoted := strconv.Quote(p)
	return quoted[1 : len(quoted)-1]
}
