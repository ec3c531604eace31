package snapshot

import "strings"

// Hardware is what the firmware of a machine says of it: its DMI table, as
// /sys/class/dmi/id shows it to everybody. Hypervisors write their names there.
type Hardware struct {
	Vendor      string `json:"vendor,omitempty"`      // sys_vendor
	Product     string `json:"product,omitempty"`     // product_name
	BIOSVendor  string `json:"biosVendor,omitempty"`  // bios_vendor
	BIOSVersion string `json:"biosVersion,omitempty"` // bios_version
	AssetTag    string `json:"assetTag,omitempty"`    // chassis_asset_tag
}

// Cloud is a cloud that rents machines and tells each about itself.
type Cloud string

// The clouds that hand out credentials of a machine's identity at 169.254.169.254.
const (
	AmazonEC2      Cloud = "Amazon EC2"
	GoogleCompute  Cloud = "Google Compute Engine"
	MicrosoftAzure Cloud = "Microsoft Azure"
	OracleCloud    Cloud = "Oracle Cloud"
)

// azureTag is the asset tag of the machines of Azure, by which cloud-init knows them.
const azureTag = "7783-7084-3265-9085-8269-3286-77"

// Cloud is the cloud that the machine is of; "" for none that is known.
func (h Hardware) Cloud() Cloud {
	switch {
	case h.Vendor == "Amazon EC2", h.BIOSVendor == "Amazon EC2", strings.HasSuffix(h.BIOSVersion, ".amazon"):
		return AmazonEC2
	case h.Product == "Google Compute Engine", h.Vendor == "Google" && strings.HasPrefix(h.Product, "Google"):
		return GoogleCompute
	case h.AssetTag == azureTag:
		return MicrosoftAzure
	case h.AssetTag == "OracleCloud.com":
		return OracleCloud
	}
	return ""
}
