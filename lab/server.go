package lab

import (
	"bytes"
	"context"
	"debug/elf"
	"fmt"
	"os"
	"path"
	"strings"
)

// Server names a real server that ServerImage makes an image of.
type Server string

// The servers of the lab, from Debian bookworm. Both start as root; nginx then
// runs its workers as www-data, and redis-server may be run as user redis.
const (
	Nginx Server = "nginx" // lab/nginx:1, listens on 80
	Redis Server = "redis" // lab/redis:1, listens on 6379
)

// serverPackages is what the servers are cut out of.
const serverPackages = "nginx-light redis-server"

const nginxConf = `user www-data;
pid /tmp/nginx.pid;
events {}
http {
	access_log off;
	client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
	uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
	server { listen 80; location / { return 200 "nginx\n"; } }
}
`

// ServerImage makes the image of a server: its program, the libraries it
// loads, and nothing else, some 10 MB. The first call on a machine downloads
// and unpacks Debian packages, which takes about 20 seconds.
func ServerImage(ctx context.Context, s Server) (Image, error) {
	img := Image{Ref: "lab/" + string(s) + ":1", Files: map[string][]byte{}}
	var program string
	switch s {
	case Nginx:
		program = "usr/sbin/nginx"
		img.Files["etc/nginx/nginx.conf"] = []byte(nginxConf)
		img.Changes = []string{"EXPOSE 80", `CMD ["/usr/sbin/nginx","-e","/dev/stderr","-g","daemon off;"]`}
	case Redis:
		program = "usr/bin/redis-server"
		img.Changes = []string{"EXPOSE 6379", "WORKDIR /tmp",
			`CMD ["/usr/bin/redis-server","--protected-mode","no","--save",""]`}
	default:
		return Image{}, fmt.Errorf("lab: no server %q", string(s))
	}
	dir, err := PrepareServers(ctx)
	if err != nil {
		return Image{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Image{}, err
	}
	defer root.Close()
	for _, file := range []string{"etc/passwd", "etc/group", "etc/nsswitch.conf"} {
		if img.Files[file], err = root.ReadFile(file); err != nil {
			return Image{}, fmt.Errorf("make image %s: %w", img.Ref, err)
		}
	}
	if err := carve(root, program, img.Files); err != nil {
		return Image{}, fmt.Errorf("make image %s: %w", img.Ref, err)
	}
	return img, nil
}

// PrepareServers unpacks the packages that servers are cut out of, unless they
// are there, and returns where.
func PrepareServers(ctx context.Context) (string, error) {
	args := smallDebian(strings.Fields(serverPackages))
	dir := hashedPath("servers", args)
	err := Once(ctx, dir, func(tmp string) error { return debootstrap(ctx, mirror(), "bookworm", tmp, args) })
	if err != nil {
		return "", fmt.Errorf("unpack %s: %w", serverPackages, err)
	}
	return dir, nil
}

// carve adds a program or library of root to files, with its interpreter and
// the libraries it needs.
func carve(root *os.Root, name string, files map[string][]byte) error {
	if files[name] != nil {
		return nil
	}
	b, err := root.ReadFile(name)
	if err != nil {
		return err
	}
	files[name] = b
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if interp := f.Section(".interp"); interp != nil {
		b, err := interp.Data()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		loader := strings.Trim(string(b), "\x00/") // an absolute link to a library
		found, err := findLibrary(root, path.Base(loader))
		if err != nil {
			return fmt.Errorf("%s needs %s: %w", name, loader, err)
		}
		if files[loader], err = root.ReadFile(found); err != nil {
			return err
		}
	}
	libs, err := f.ImportedLibraries()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, lib := range libs {
		found, err := findLibrary(root, lib)
		if err != nil {
			return fmt.Errorf("%s needs %s: %w", name, lib, err)
		}
		if err := carve(root, found, files); err != nil {
			return err
		}
	}
	return nil
}

// findLibrary finds a library in the directories where Debian has them.
func findLibrary(root *os.Root, lib string) (string, error) {
	for _, triple := range []string{"x86_64-linux-gnu", "aarch64-linux-gnu"} {
		for _, dir := range []string{"usr/lib", "lib"} {
			name := path.Join(dir, triple, lib)
			if _, err := root.Stat(name); err == nil {
				return name, nil
			}
		}
	}
	return "", os.ErrNotExist
}
