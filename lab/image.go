package lab

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Image is a container image that is made on the spot, without a registry.
type Image struct {
	Ref     string            // name and tag
	Files   map[string][]byte // by path, without the leading slash; programs have mode 0755, others 0644
	Links   map[string]string // symbolic links: path to target
	Changes []string          // Dockerfile instructions that docker import takes: CMD, ENTRYPOINT, ENV, EXPOSE, USER, VOLUME, WORKDIR, …
}

// Names of the images that ImportBusybox and ImportSleep make.
const (
	BusyboxRef = "lab/busybox:1"
	SleepRef   = "lab/sleep:1"
)

// applets are the commands of lab/busybox.
const applets = "sh ash cat chmod chown cp cut date dd df echo env false find free grep head hostname " +
	"httpd id ifconfig ip kill ln ls mkdir mknod mount mv nc netstat nslookup ping ps pwd readlink rm " +
	"route sed seq sleep sort stat su tail tar test top touch tr true umount uname vi wc wget which whoami"

// Busybox returns lab/busybox: a shell and the usual small tools. It waits for
// SIGTERM.
func (h *Host) Busybox() (Image, error) {
	prog, err := h.busybox()
	if err != nil {
		return Image{}, err
	}
	img := Image{
		Ref: BusyboxRef,
		Files: map[string][]byte{
			"bin/busybox": prog,
			"etc/passwd":  []byte("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"),
			"etc/group":   []byte("root:x:0:\nnogroup:x:65534:\n"),
		},
		Links:   map[string]string{},
		Changes: []string{"ENV PATH=/bin", `CMD ["sh","-c","trap exit TERM; while :; do sleep 3600 & wait $!; done"]`},
	}
	for _, a := range strings.Fields(applets) {
		img.Links["bin/"+a] = "busybox"
	}
	return img, nil
}

// Sleep returns lab/sleep: one static program and no shell. It sleeps, and as
// process 1 it ignores SIGTERM, so "docker stop" takes its full time.
func (h *Host) Sleep() (Image, error) {
	prog, err := h.busybox()
	if err != nil {
		return Image{}, err
	}
	return Image{
		Ref:     SleepRef,
		Files:   map[string][]byte{"sleep": prog},
		Changes: []string{`CMD ["/sleep","2147483647"]`},
	}, nil
}

// busybox reads the static busybox of the host's base.
func (h *Host) busybox() ([]byte, error) {
	for _, path := range []string{"/usr/bin/busybox", "/bin/busybox"} {
		b, err := h.ReadFile(path)
		if err == nil || !os.IsNotExist(err) {
			return b, err
		}
	}
	return nil, fmt.Errorf("no busybox in %s", h.opts.Hostname)
}

// ImportImage makes an image in the engine.
func (e *Engine) ImportImage(ctx context.Context, img Image) error {
	archive, err := img.tar()
	if err != nil {
		return fmt.Errorf("pack image %s: %w", img.Ref, err)
	}
	args := []string{"import"}
	for _, c := range img.Changes {
		args = append(args, "-c", c)
	}
	if _, err := e.docker(ctx, bytes.NewReader(archive), append(args, "-", img.Ref)...); err != nil {
		return fmt.Errorf("import image %s: %w", img.Ref, err)
	}
	return nil
}

// ImportBusybox makes lab/busybox:1 in the engine and returns that name.
func (e *Engine) ImportBusybox(ctx context.Context) (string, error) {
	img, err := e.host.Busybox()
	if err != nil {
		return "", err
	}
	return img.Ref, e.ImportImage(ctx, img)
}

// ImportSleep makes lab/sleep:1 in the engine and returns that name.
func (e *Engine) ImportSleep(ctx context.Context) (string, error) {
	img, err := e.host.Sleep()
	if err != nil {
		return "", err
	}
	return img.Ref, e.ImportImage(ctx, img)
}

// tar packs the image's file system, the same bytes every time.
func (i Image) tar() ([]byte, error) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	for _, dir := range i.dirs() {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: dirMode(dir)}); err != nil {
			return nil, err
		}
	}
	for _, name := range sortedKeys(i.Files) {
		b := i.Files[name]
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: fileMode(b), Size: int64(len(b))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(b); err != nil {
			return nil, err
		}
	}
	for _, name := range sortedKeys(i.Links) {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: i.Links[name]}); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), w.Close()
}

// dirs lists the directories the image needs, parents first.
func (i Image) dirs() []string {
	set := map[string]bool{"etc": true, "tmp": true}
	for _, name := range slices.Concat(sortedKeys(i.Files), sortedKeys(i.Links)) {
		for j, r := range name {
			if r == '/' {
				set[name[:j]] = true
			}
		}
	}
	return sortedKeys(set)
}

func fileMode(b []byte) int64 {
	if bytes.HasPrefix(b, []byte("\x7fELF")) || bytes.HasPrefix(b, []byte("#!")) {
		return 0o755
	}
	return 0o644
}

func dirMode(dir string) int64 {
	if dir == "tmp" {
		return 0o1777
	}
	return 0o755
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
