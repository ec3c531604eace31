package snapshot

import "testing"

// TestCloud: a machine is known by what its hypervisor writes into its firmware.
func TestCloud(t *testing.T) {
	for _, tt := range []struct {
		hardware Hardware
		want     Cloud
	}{
		{Hardware{Vendor: "Amazon EC2", Product: "t3.micro", BIOSVendor: "Amazon EC2"}, AmazonEC2},
		{Hardware{Vendor: "Xen", Product: "HVM domU", BIOSVendor: "Xen", BIOSVersion: "4.11.amazon"}, AmazonEC2},
		{Hardware{Vendor: "Google", Product: "Google Compute Engine"}, GoogleCompute},
		{Hardware{Vendor: "Google", Product: "Chromebox"}, ""},
		{Hardware{Vendor: "Microsoft Corporation", Product: "Virtual Machine", AssetTag: azureTag}, MicrosoftAzure},
		{Hardware{Vendor: "Microsoft Corporation", Product: "Virtual Machine"}, ""}, // Hyper-V elsewhere
		{Hardware{Vendor: "QEMU", AssetTag: "OracleCloud.com"}, OracleCloud},
		{Hardware{Vendor: "QEMU", Product: "Standard PC (Q35 + ICH9, 2009)"}, ""},
		{Hardware{}, ""},
	} {
		if got := tt.hardware.Cloud(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.hardware, got, tt.want)
		}
	}
}
