package version_test

import (
	"testing"

	"seawall/currency/version"
)

// TestOrder: each list ascends.
func TestOrder(t *testing.T) {
	for _, list := range []struct {
		scheme   version.Scheme
		versions []string
	}{
		{version.Upstream, []string{"1.0.0-rc7", "1.0.0-rc9", "1.0.0-rc10", "1.0.0-rc95", "1.0.0", "1.0.3", "1.1.0-rc.1", "1.1.0"}},
		{version.Upstream, []string{"18.09.7", "19.03.0", "19.03.15", "20.10.0-beta1", "20.10.9", "20.10.24", "23.0.1", "28.5.2", "docker-v29.0.0", "29.5.1"}},
		{version.Upstream, []string{"2.2.0-beta.0", "2.2.0-beta.2", "2.2.0-rc.0", "2.2.0"}},
		{version.Upstream, []string{"1.0.0-10", "1.0.0-a", "1.0.0-rc", "1.0.0-rc1", "1.0.0-rc1a", "1.0.0-rc2", "1.0.0"}},
		{version.Upstream, []string{"0.10.6", "0.10.7-0.20230208155512-4f0ee09c40e2", "0.10.7-0.20230412161310-d52b2d584242", "0.10.7"}},
		{version.Upstream, []string{"5.12", "5.12.1", "6.1.9", "6.1.76", "6.12.1", "7.0.5"}},
		{version.Deb, []string{"1.6.20~ds1-1", "1.6.20~ds1-1+deb12u2", "1.6.20~ds1-1+deb12u3", "1.6.20~ds1-2", "1.7.24~ds1-6"}},
		{version.Deb, []string{"20.10.24+dfsg1-1", "20.10.24+dfsg1-1+deb12u1", "20.10.24+dfsg1-2", "5:20.10.5~3-0~debian-buster", "5:28.5.2-1~debian.12~bookworm"}},
		{version.RPM, []string{"20.10.17-3.el7", "20.10.18-1.el7", "1:19.03.6-3.el7", "3:26.1.4-1.el7", "3:26.1.4-1.el9"}},
		{version.APK, []string{"25.0.5-r0", "25.0.5-r1", "26.1.5_rc1-r0", "26.1.5-r0"}},
	} {
		for i, a := range list.versions {
			for j, b := range list.versions {
				got, err := list.scheme.Compare(a, b)
				if want := sign(i - j); err != nil || got != want {
					t.Errorf("%s: %q against %q is %d (%v), want %d", list.scheme, a, b, got, err, want)
				}
			}
		}
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestSame(t *testing.T) {
	for _, pair := range [][2]string{{"v1.1.12", "1.1.12"}, {"docker-v29.8.2", "29.8.2"}, {"20.10.24+dfsg1", "20.10.24"}, {"23.0", "23.0.0"}, {"1.0.0-rc.10", "1.0.0-rc10"}} {
		if c, err := version.Upstream.Compare(pair[0], pair[1]); c != 0 || err != nil {
			t.Errorf("%s against %s is %d (%v), want 0", pair[0], pair[1], c, err)
		}
	}
}

func TestNotVersions(t *testing.T) {
	for scheme, bad := range map[version.Scheme][]string{
		version.Upstream: {"", "4f0ee09c40e2", "dev", "1..2", "1.2-", "<unknown>"},
		version.Deb:      {"", "a:1", "x1"},
		version.RPM:      {""},
		version.APK:      {"", "~", "abc def"},
		"other":          {"1"},
	} {
		for _, v := range bad {
			if c, err := scheme.Compare(v, "1.0"); err == nil {
				t.Errorf("%s: %q against 1.0 is %d, want an error", scheme, v, c)
			}
			if c, err := scheme.Compare("1.0", v); err == nil {
				t.Errorf("%s: 1.0 against %q is %d, want an error", scheme, v, c)
			}
		}
	}
}

func TestOfPackage(t *testing.T) {
	for _, tt := range []struct {
		scheme version.Scheme
		in     string
		want   string
	}{
		{version.Deb, "20.10.24+dfsg1-1+deb12u1", "20.10.24"},
		{version.Deb, "1.6.20~ds1-1+deb12u3", "1.6.20"},
		{version.Deb, "1.1.5+ds1-1+deb12u1", "1.1.5"},
		{version.Deb, "1.0.0~rc93+ds1-5+deb11u3", "1.0.0-rc93"},
		{version.Deb, "5:28.5.2-1~debian.12~bookworm", "28.5.2"},
		{version.Deb, "5:20.10.9~3-0~debian-buster", "20.10.9"},
		{version.Deb, "2.21.0-1~ubuntu.22.04~jammy", "2.21.0"},
		{version.Deb, "6.1.192-1", "6.1.192"},
		{version.Deb, "28.2.2-0ubuntu1~24.04.1", "28.2.2"},
		{version.RPM, "3:26.1.4-1.el7", "26.1.4"},
		{version.APK, "26.1.5-r0", "26.1.5"},
		{version.Upstream, "docker-v29.0.1", "29.0.1"},
	} {
		if got := version.OfPackage(tt.scheme, tt.in); got != tt.want {
			t.Errorf("OfPackage(%s, %q) = %q, want %q", tt.scheme, tt.in, got, tt.want)
		}
	}
}

// FuzzUpstream: the order is one, whatever the text.
func FuzzUpstream(f *testing.F) {
	f.Add("1.0.0-rc10", "1.0.0-rc9")
	f.Add("docker-v29.0.0", "0.10.7-0.20230208155512-4f0ee09c40e2")
	f.Add("1.0-a1b", "1.0-1.a-")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, s := range []version.Scheme{version.Upstream, version.Deb, version.RPM, version.APK} {
			x, err1 := s.Compare(a, b)
			y, err2 := s.Compare(b, a)
			if (err1 == nil) != (err2 == nil) {
				t.Fatalf("%s: %q, %q: %v, the other way %v", s, a, b, err1, err2)
			}
			if s == version.Upstream && err1 == nil && x != -y {
				t.Errorf("%s: %q against %q is %d, the other way %d", s, a, b, x, y)
			}
			version.OfPackage(s, a)
		}
	})
}
