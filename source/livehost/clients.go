package livehost

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/clientconfig"
)

// clientDeadline is how long reading one user's configuration may take: homes
// may be on servers that do not answer.
const clientDeadline = 3 * time.Second

// collectClients reads the Docker CLI configuration of every account, or,
// without root, of the calling user. Accounts without any are left out.
func collectClients(ctx context.Context, m Machine) snapshot.Fact[[]snapshot.Client] {
	o := snapshot.At("clients", "/etc/passwd")
	v := look(m)
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.Client] {
		users, err := v.accounts()
		if err != nil {
			return snapshot.Lost[[]snapshot.Client](source.GapFrom(err), o)
		}
		caller := os.Geteuid()
		if caller != 0 {
			users = slices.DeleteFunc(users, func(u snapshot.User) bool { return u.UID != caller })
			o.Source += ", user " + strconv.Itoa(caller) + " only"
		}
		r := clientReader{m: m, system: systemClient(m)}
		out := []snapshot.Client{}
		homes := map[string]bool{}
		for i := range users {
			u := &users[i]
			if u.Home == "" || u.Home == "/" && u.UID != 0 || homes[u.Home] {
				continue
			}
			homes[u.Home] = true
			if c := r.within(ctx, u); c != nil {
				out = append(out, *c)
			}
		}
		return snapshot.See(out, o)
	})
}

// clientReader reads users' configurations.
type clientReader struct {
	m      Machine
	system clientDefaults
}

// clientDefaults are what all users have in common.
type clientDefaults struct {
	variables map[string]snapshot.Fact[string]
	plugins   []snapshot.File
	err       error // of reading the plugins
}

// within reads one user's configuration before a deadline. A read that hangs
// in the kernel (a dead file server) cannot be ended; it is left behind and
// ends with the program.
func (r clientReader) within(ctx context.Context, u *snapshot.User) *snapshot.Client {
	ctx, cancel := context.WithTimeout(ctx, clientDeadline)
	defer cancel()
	done := make(chan *snapshot.Client, 1)
	go func() { done <- r.client(u) }()
	select {
	case c := <-done:
		return c
	case <-ctx.Done():
		gap := source.GapFrom(lang.RecordErrorf("configuration of %s in %s: %w", u.Name, u.Home, ctx.Err()))
		return lostClient(u.Name, path.Join(u.Home, ".docker"), gap)
	}
}

func lostClient(user, dir string, g snapshot.Gap) *snapshot.Client {
	return &snapshot.Client{
		User: user, Dir: dir,
		Files:           snapshot.Lost[[]snapshot.File](g, snapshot.At("files", dir)),
		Config:          snapshot.Lost[snapshot.ClientConfig](g, snapshot.At("config.json", dir)),
		Contexts:        snapshot.Lost[[]snapshot.Context](g, snapshot.At("contexts", dir)),
		DockerHost:      snapshot.Lost[string](g, snapshot.At("DOCKER_HOST", "profile files")),
		DockerTLSVerify: snapshot.Lost[bool](g, snapshot.At("DOCKER_TLS_VERIFY", "profile files")),
		PluginDirs:      snapshot.Lost[[]snapshot.File](g, snapshot.At("cli-plugins", dir)),
		HelperFiles:     snapshot.Lost[[]snapshot.File](g, snapshot.At("credential helpers", dir)),
	}
}

// client reads one user's configuration; nil if there is none.
func (r clientReader) client(u *snapshot.User) *snapshot.Client {
	dir := path.Join(u.Home, ".docker")
	caller := u.UID == os.Geteuid() && (r.m.Root == "" || r.m.Root == "/")
	if other := os.Getenv("DOCKER_CONFIG"); caller && path.IsAbs(other) {
		dir = path.Clean(other)
	}
	host, own := r.variable(dockerHost, u, caller)
	verify, _ := r.variable(dockerTLSVerify, u, caller)
	if _, err := r.m.Files.Info(dir); missing(err) && !own {
		return nil
	}
	c := &snapshot.Client{User: u.Name, Dir: dir, DockerHost: host}
	c.DockerTLSVerify = snapshot.Map(verify, func(value string) bool { return value != "" })
	c.Config = r.config(path.Join(dir, "config.json"))
	c.Contexts = r.contexts(path.Join(dir, "contexts"))
	c.Files = r.files(dir)
	config, _ := c.Config.Peek()
	c.PluginDirs = r.plugins(dir, config.PluginExtraDirs)
	c.HelperFiles = r.helpers(c.Config)
	return c
}

// missing reports whether an error says that a file does not exist.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR)
}

// maxConfig bounds the CLI's files, in bytes.
const maxConfig = 4 << 20

func (r clientReader) config(name string) snapshot.Fact[snapshot.ClientConfig] {
	o := snapshot.At("config.json", name)
	data, err := r.m.Files.ReadFile(name, maxConfig)
	switch {
	case missing(err):
		return snapshot.None[snapshot.ClientConfig](o)
	case err != nil:
		return snapshot.Lost[snapshot.ClientConfig](source.GapFrom(err), o)
	}
	return snapshot.See(clientconfig.ParseConfig(data), o)
}

// contexts reads the CLI contexts, in the order of their directories.
func (r clientReader) contexts(dir string) snapshot.Fact[[]snapshot.Context] {
	o := snapshot.At("contexts", dir)
	ids, err := r.m.Files.ReadDir(path.Join(dir, "meta"))
	if err != nil && !missing(err) {
		return snapshot.Lost[[]snapshot.Context](source.GapFrom(err), o)
	}
	out := []snapshot.Context{}
	for _, id := range ids {
		name := path.Join(dir, "meta", id, "meta.json")
		data, err := r.m.Files.ReadFile(name, maxConfig)
		if missing(err) {
			continue
		}
		if err != nil {
			return snapshot.Lost[[]snapshot.Context](source.GapFrom(err), o)
		}
		c, err := clientconfig.ParseContext(data)
		if err != nil {
			return snapshot.Lost[[]snapshot.Context](malformed(err, name), o)
		}
		material, err := r.m.Files.ReadDir(path.Join(dir, "tls", id, "docker"))
		if err != nil && !missing(err) {
			return snapshot.Lost[[]snapshot.Context](source.GapFrom(err), o)
		}
		c.TLS = len(material) > 0
		out = append(out, c)
	}
	return snapshot.See(out, o)
}
