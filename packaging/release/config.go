package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
)

const configName = ".goreleaser.yaml"

// release is one run: the configuration, the commit that it is of, and where to.
type release struct {
	config.Project
	root, dist string
	version    string
	commit     string    // in full
	date       time.Time // of the commit
}

// load reads the configuration, and the commit from git.
func load(version, dist string) (*release, error) {
	dir, err := root()
	if err != nil {
		return nil, err
	}
	project, err := config.Load(filepath.Join(dir, configName))
	if err != nil {
		return nil, err
	}
	r := &release{Project: project, root: dir, dist: dist, version: strings.TrimPrefix(version, "v")}
	if r.dist == "" {
		r.dist = filepath.Join(dir, "dist")
	}
	if r.dist, err = filepath.Abs(r.dist); err != nil {
		return nil, err
	}
	if r.commit, err = r.git("rev-parse", "HEAD"); err != nil {
		return nil, err
	}
	date, err := r.git("log", "-1", "--format=%cI")
	if err != nil {
		return nil, err
	}
	if r.date, err = time.Parse(time.RFC3339, date); err != nil {
		return nil, err
	}
	r.date = r.date.UTC()
	if tag, err := r.git("describe", "--tags", "--exact-match"); r.version == "" && err == nil {
		r.version = strings.TrimPrefix(tag, "v")
	}
	if r.version == "" {
		r.version, err = r.expand(r.Snapshot.VersionTemplate, nil)
	}
	return r, err
}

func (r *release) git(args ...string) (string, error) {
	out, err := r.command("git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// command is one that runs at the root of the repository.
func (r *release) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = r.root
	return cmd
}

// expand fills in a template. It knows those names of GoReleaser that the
// configuration uses, and more that a step adds; any other is an error.
func (r *release) expand(text string, more map[string]string) (string, error) {
	fields := map[string]string{
		"ProjectName": r.ProjectName, "Version": r.version, "FullCommit": r.commit, "ShortCommit": r.commit[:7],
		"CommitDate": r.date.Format(time.RFC3339), "CommitTimestamp": fmt.Sprint(r.date.Unix()),
	}
	for name, value := range more {
		fields[name] = value
	}
	t, err := template.New(text).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = t.Execute(&out, fields)
	return out.String(), err
}

// at is a path below the repository's root.
func (r *release) at(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.root, path)
}
