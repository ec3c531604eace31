// Package datafile keeps the advisories that were fetched after Seawall was built: one
// file, written whole or not at all, and read only if all of it is sound.
package datafile

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
)

// name of the file.
const name = "known.json.gz"

// SystemDir is where root keeps the data for all users.
const SystemDir = "/var/lib/seawall"

// DirVariable is the environment variable that names another directory for the data.
const DirVariable = "SEAWALL_DATA_DIR"

// Own is the file that a user writes: in the directory that SEAWALL_DATA_DIR names, else
// below /var/lib for root, and below XDG_STATE_HOME (~/.local/state) for others. It is ""
// for a user without a home.
func Own(uid int, getenv func(string) string) string {
	if dir := getenv(DirVariable); filepath.IsAbs(dir) {
		return filepath.Join(dir, name)
	}
	if uid == 0 {
		return filepath.Join(SystemDir, name)
	}
	dir := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // as the XDG base directory specification has it
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		dir = filepath.Join(home, ".local/state")
	}
	return filepath.Join(dir, "seawall", name)
}

// Source is data, and where it is from.
type Source struct {
	Data *known.Data
	Path string // "" for what is built in
}

// Load returns the newest of what is built in and of the files of root and the user. An
// error names a file that is there and was passed over; the data is good all the same.
func Load(uid int, getenv func(string) string) (Source, error) {
	best := Source{Data: known.BuiltIn()}
	var errs error
	for _, path := range candidates(uid, getenv) {
		data, err := Read(path, uid)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			errs = errors.Join(errs, err)
		case data.AsOf > best.Data.AsOf || data.AsOf == best.Data.AsOf && data.Compiled > best.Data.Compiled:
			best = Source{data, path}
		}
	}
	return best, errs
}

func candidates(uid int, getenv func(string) string) []string {
	system := filepath.Join(SystemDir, name)
	own := Own(uid, getenv)
	if own != "" && filepath.IsAbs(getenv(DirVariable)) { // that one only
		return []string{own}
	}
	if own != "" && own != system {
		return []string{own, system}
	}
	return []string{system}
}

// Read reads a file of data. Others than root and the user must not be able to have
// written it.
func Read(path string, uid int) (*known.Data, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o022 != 0 || owner != 0 && int(owner) != uid {
		return nil, lang.Errorf("%s: others than you and root may write it, so that it is not trusted: chmod go-w it, or remove it", path)
	}
	data, err := known.Decode(file)
	if err == nil {
		err = currency.CheckData(data)
	}
	if err != nil {
		return nil, lang.Errorf("%s: %w; remove it, or run seawall data update", path, err)
	}
	if tomorrow := time.Now().AddDate(0, 0, 1).Format(time.DateOnly); data.AsOf > tomorrow {
		return nil, lang.Errorf("%s: it is of %s, which is yet to come; remove it, or set the clock", path, data.AsOf)
	}
	return data, nil
}

// Pack is the data as it is written. Data that could not be read again is an error.
func Pack(d *known.Data) ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, lang.Errorf("pack data: %w", err)
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, lang.Errorf("pack data: %w", err)
	}
	again, err := known.Decode(bytes.NewReader(buf.Bytes()))
	if err == nil {
		err = currency.CheckData(again)
	}
	if err != nil {
		return nil, lang.Errorf("pack data: %w", err)
	}
	return buf.Bytes(), nil
}

// Write puts packed data in place: a file beside it is written, brought to disk and
// renamed, so that readers see the old or the new one, whole.
func Write(path string, packed []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return lang.Errorf("write data: %w", err)
	}
	file, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return lang.Errorf("write data: %w", err)
	}
	defer func() {
		if err != nil {
			err = lang.Errorf("write data: %w", err)
			os.Remove(file.Name()) // the error that matters is the first
		}
	}()
	_, err = file.Write(packed)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	return err
}
