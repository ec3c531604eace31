package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeSBOM writes the bill of materials of a program, in CycloneDX 1.6: what the
// program itself says of the modules in it, and their licences. It has no time and no
// serial number, so that the same program has the same bill.
func writeSBOM(program, version, name string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	r, err := load("", "")
	if err != nil {
		return err
	}
	modules, err := linked(r)
	if err != nil {
		return err
	}
	licenses := map[string]string{}
	for _, m := range modules {
		licenses[m.path] = m.license
	}
	bom, err := billOf(info, filepath.Base(program), version, licenses)
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	var out bytes.Buffer
	if err := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o644)
}

func billOf(info *debug.BuildInfo, program, version string, licenses map[string]string) (*cdx.BOM, error) {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	main := cdx.Component{
		BOMRef: program, Type: cdx.ComponentTypeApplication, Name: program, Version: version,
		Licenses: &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}},
		Properties: &[]cdx.Property{
			{Name: "go:GOOS", Value: settings["GOOS"]}, {Name: "go:GOARCH", Value: settings["GOARCH"]}, {Name: "go:vcs.revision", Value: settings["vcs.revision"]},
		},
	}
	components := []cdx.Component{library("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			return nil, fmt.Errorf("module %s is replaced by %s", m.Path, m.Replace.Path)
		}
		components = append(components, library(m.Path, m.Version, m.Sum))
	}
	var refs []string
	dependencies := []cdx.Dependency{{Ref: main.BOMRef, Dependencies: &refs}}
	for i := range components {
		c := &components[i]
		license := licenses[c.Name]
		if license == "" {
			return nil, fmt.Errorf("the licence of %s is not known: is the program of this commit?", c.Name)
		}
		if strings.Contains(license, " ") {
			c.Licenses = &cdx.Licenses{{Expression: license}}
		} else {
			c.Licenses = &cdx.Licenses{{License: &cdx.License{ID: license}}}
		}
		refs = append(refs, c.BOMRef)
		dependencies = append(dependencies, cdx.Dependency{Ref: c.BOMRef})
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &main}
	bom.Components, bom.Dependencies = &components, &dependencies
	return bom, nil
}

// library is a module as a component. Go's checksum is of a list of the module's files and
// theirs, no plain SHA-256 of anything: it keeps its own name.
func library(path, version, sum string) cdx.Component {
	c := cdx.Component{
		Type: cdx.ComponentTypeLibrary, Name: path, Version: version, Scope: cdx.ScopeRequired,
		PackageURL: "pkg:golang/" + path + "@" + version,
	}
	c.BOMRef = c.PackageURL
	if sum != "" {
		c.Properties = &[]cdx.Property{{Name: "go:sum", Value: sum}}
	}
	return c
}
