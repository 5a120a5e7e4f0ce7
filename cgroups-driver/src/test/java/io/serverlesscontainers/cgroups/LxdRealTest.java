package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With real instances of a real LXD. */
class LxdRealTest {
    private static final String NAME = "sc-test-" + ProcessHandle.current().pid() + "-lxd";

    private static RealLxd lxd;

    @BeforeAll
    static void start() {
        RealCgroups.require().close();
        lxd = RealLxd.require();
        lxd.createProject("shop");
        lxd.createProject("blog");
    }

    @AfterAll
    static void stop() {
        if (lxd != null) {
            lxd.close();
        }
    }

    @Test
    void an_instance_is_found_by_its_name_and_limited() {
        lxd.launch("default", NAME);
        try (var driver = Cgroups.detect()) {
            driver.apply(NAME, LimitChange.to(Resource.MEMORY, 77));
            assertThat(driver.limits("lxc.payload." + NAME).limit(Resource.MEMORY))
                    .hasValue(77);
            assertThat(driver.containers())
                    .filteredOn(found -> found.engine() == Engine.LXD)
                    .extracting(FoundContainer::id)
                    .contains(NAME);
        }
    }

    @Test
    void an_instance_of_a_project_is_found_by_its_name_as_long_as_that_is_one_projects() {
        String web = NAME + "-web";
        lxd.launch("shop", web);
        try (var driver = Cgroups.detect();
                var later = Cgroups.detect()) {
            driver.apply(web, LimitChange.to(Resource.MEMORY, 77));
            assertThat(driver.limits("shop_" + web).limit(Resource.MEMORY)).hasValue(77);
            assertThat(driver.limits("lxc.payload.shop_" + web).limit(Resource.MEMORY))
                    .hasValue(77);
            lxd.launch("blog", web);
            assertThatThrownBy(() -> later.limits(web))
                    .isExactlyInstanceOf(CgroupException.class)
                    .hasMessageContaining("shop_" + web)
                    .hasMessageContaining("blog_" + web);
            assertThat(later.limits("blog_" + web).limit(Resource.MEMORY)).isEmpty();
        }
        lxd.delete("shop", web);
        lxd.delete("blog", web);
        try (var driver = Cgroups.detect()) {
            assertThatThrownBy(() -> driver.limits(web)).isInstanceOf(MissingContainerException.class);
        }
    }
}
