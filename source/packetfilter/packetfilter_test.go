package packetfilter

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	f, err := Read(t.Context(), Exec)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Tables {
		fmt.Println("TABLE", x.Tool, x.Family, x.Name, x.Dormant)
		for _, s := range x.Sets {
			j, _ := json.Marshal(s)
			fmt.Println(string(j))
		}
		for _, c := range x.Chains {
			fmt.Println("CHAIN", c.Name, c.Hook, c.Device, c.Priority, c.Policy)
			for _, r := range c.Rules {
				j, _ := json.Marshal(r.Statements)
				fmt.Println(r.Text, "\n      ", string(j))
			}
		}
	}
}
