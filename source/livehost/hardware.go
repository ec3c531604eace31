package livehost

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"seawall/snapshot"
	"seawall/source"
)

// hardware reads what the firmware says of the machine. These files are open to
// everybody; serial numbers, which are not, are left alone.
func (v vantage) hardware() snapshot.Fact[snapshot.Hardware] {
	dir := filepath.Join(v.m.Sys, "class/dmi/id")
	o := snapshot.At("dmi", dir)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return snapshot.None[snapshot.Hardware](o)
	}
	var h snapshot.Hardware
	for name, field := range map[string]*string{
		"sys_vendor": &h.Vendor, "product_name": &h.Product, "bios_vendor": &h.BIOSVendor, "bios_version": &h.BIOSVersion, "chassis_asset_tag": &h.AssetTag,
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist): // the firmware does not say
		case err != nil:
			return snapshot.Lost[snapshot.Hardware](source.GapFrom(err), o)
		default:
			*field = strings.TrimSpace(string(data))
		}
	}
	return snapshot.See(h, o)
}
