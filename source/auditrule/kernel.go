package auditrule

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/netlink"
)

// Errors of asking the kernel.
var (
	// ErrNoAudit: this kernel has no audit log.
	ErrNoAudit = errors.New(lang.N("the kernel has no audit log"))
	// ErrRefused: the kernel does not tell its rules to this process. It takes
	// CAP_AUDIT_CONTROL, and the first user and process namespaces
	// (kernel/audit.c, audit_netlink_ok).
	ErrRefused = errors.New(lang.N("the kernel does not tell its audit rules here"))
)

// Kernel asks the kernel for the state of its audit log. It only reads: the two
// requests are AUDIT_GET and AUDIT_LIST_RULES.
func Kernel(ctx context.Context) (snapshot.Audit, error) {
	status, err := ask(ctx, unix.AUDIT_GET, unix.AUDIT_GET)
	if err != nil {
		return snapshot.Audit{}, lang.RecordErrorf("audit status: %w", err)
	}
	rules, err := ask(ctx, unix.AUDIT_LIST_RULES, unix.NLMSG_DONE)
	if err != nil {
		return snapshot.Audit{}, lang.RecordErrorf("audit rules: %w", err)
	}
	return Parse(status, rules)
}

// Parse reads the kernel's answers to AUDIT_GET and AUDIT_LIST_RULES, each one
// or more netlink messages.
func Parse(status, rules []byte) (snapshot.Audit, error) {
	var out snapshot.Audit
	seen := false
	err := netlink.Messages(status, func(kind uint16, body []byte) (err error) {
		if kind == unix.AUDIT_GET {
			seen = true
			out, err = parseStatus(body)
		}
		return err
	})
	if err == nil && !seen {
		err = errors.New(lang.N("audit status: not in the answer"))
	}
	if err != nil {
		return out, err
	}
	return out, netlink.Messages(rules, func(kind uint16, body []byte) error {
		if kind != unix.AUDIT_LIST_RULES {
			return nil
		}
		r, err := parseRule(body)
		out.Rules = append(out.Rules, r)
		return err
	})
}

// ask sends a request without content and gathers the answer, which for a status
// is the message itself, for rules ends with the one that says so.
func ask(ctx context.Context, request, last uint16) ([]byte, error) {
	kernel, err := netlink.Dial(ctx, unix.NETLINK_AUDIT)
	if errors.Is(err, unix.EPROTONOSUPPORT) {
		return nil, ErrNoAudit
	}
	if err != nil {
		return nil, err
	}
	defer kernel.Close()
	answer, err := kernel.Ask(request, unix.NLM_F_ACK, nil, last)
	// The kernel refuses at once, in the acknowledgement or when the request is
	// sent.
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ECONNREFUSED) {
		return nil, fmt.Errorf("%w (%w)", ErrRefused, err)
	}
	return answer, err
}
