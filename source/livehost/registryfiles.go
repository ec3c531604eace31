package livehost

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Bounds of what is read below certs.d.
const (
	maxCertificateFile  = 1 << 20 // bytes
	maxRegistryFiles    = 512
	maxCertificatesFile = 256 // certificates in one file
)

// certsDir is where the daemon has its registries' certificates.
func (d *daemon) certsDir() string {
	if home, err := d.configHome(); d.rootless() && err == nil {
		return path.Join(home, "docker/certs.d")
	}
	return "/etc/docker/certs.d"
}

// registryFiles reads the certificates that the daemon uses at registries, by
// the rules of moby's registry.loadTLSConfig. Keys are only missed, not read.
func (d *daemon) registryFiles() snapshot.Fact[[]snapshot.RegistryFile] {
	dir := d.certsDir()
	o := snapshot.At("certs.d", d.view.Where(dir))
	registries, err := d.view.ReadDir(dir)
	if err != nil && !missing(err) {
		return snapshot.Lost[[]snapshot.RegistryFile](*gapPtr(err), o)
	}
	out := []snapshot.RegistryFile{}
	for _, registry := range registries {
		names, err := d.view.ReadDir(path.Join(dir, registry))
		if missing(err) {
			continue
		}
		if err == nil && len(out)+len(names) > maxRegistryFiles {
			err = lang.RecordErrorf("more than %d files below %s", maxRegistryFiles, dir)
		}
		if err != nil {
			return snapshot.Lost[[]snapshot.RegistryFile](*gapPtr(err), o)
		}
		for _, name := range names {
			file, use, err := d.registryFile(path.Join(dir, registry), name, names)
			if err != nil {
				return snapshot.Lost[[]snapshot.RegistryFile](*gapPtr(err), o)
			}
			if use {
				file.Registry = registry
				out = append(out, file)
			}
		}
	}
	return snapshot.See(out, o)
}

// registryFile reads one file of a registry's directory, if the daemon uses it.
func (d *daemon) registryFile(dir, name string, names []string) (snapshot.RegistryFile, bool, error) {
	full, ext := path.Join(dir, name), path.Ext(name)
	out := snapshot.RegistryFile{Path: d.view.Where(full), Client: ext != ".crt"}
	stem := strings.TrimSuffix(name, ext)
	switch {
	case ext != ".crt" && ext != ".cert" && ext != ".key":
		return out, false, nil
	case ext == ".key":
		if !slices.Contains(names, stem+".cert") {
			out.Problem = "the certificate " + stem + ".cert is missing"
		}
		return out, true, nil
	case ext == ".cert" && !slices.Contains(names, stem+".key"):
		out.Problem = "the key " + stem + ".key is missing"
	}
	data, err := d.view.ReadFile(full, maxCertificateFile)
	if err != nil {
		return out, true, err
	}
	certificates, err := parseCertificates(data)
	if err != nil && out.Problem == "" {
		out.Problem = lang.Untranslated(err)
	}
	out.Certificates = certificates
	return out, true, nil
}

// parseCertificates reads the certificates of a PEM file. Those that cannot be
// parsed are left out, as the daemon does; if there is none left, that is an
// error.
func parseCertificates(data []byte) ([]snapshot.Certificate, error) {
	var out []snapshot.Certificate
	for len(out) < maxCertificatesFile {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			out = append(out, *certificateFacts(c))
		}
	}
	if len(out) == 0 {
		return nil, errors.New(lang.N("there is no certificate in it (PEM)"))
	}
	return out, nil
}
