package io.serverlesscontainers.policy.internal.drl;

import java.util.List;
import java.util.UUID;
import org.drools.compiler.kie.builder.impl.InternalKieModule;
import org.drools.compiler.kproject.models.KieBaseModelImpl;
import org.drools.model.Model;
import org.drools.model.codegen.ExecutableModelProject;
import org.drools.modelcompiler.CanonicalKieModule;
import org.kie.api.KieServices;
import org.kie.api.builder.KieBuilder;
import org.kie.api.builder.KieFileSystem;
import org.kie.api.builder.Message;
import org.kie.api.builder.ReleaseId;

/**
 * One run of the DRL compiler, which is only there if {@code drools-engine} is. It writes Java and compiles that in memory
 * with its own compiler, so that a JRE is enough.
 *
 * @param models the rules; none if there are errors
 * @param errors what the compiler does not understand
 */
record DrlBuild(List<Model> models, List<Message> errors) {
    private static final String FILE = "src/main/resources/rules.drl";

    static DrlBuild of(String drl) {
        KieServices services = KieServices.get();
        // All builds of a JVM share a repository: a name of its own for each, and nothing stays in there.
        ReleaseId name = services.newReleaseId(
                "io.serverlesscontainers", "drl", UUID.randomUUID().toString());
        KieFileSystem files = services.newKieFileSystem().generateAndWritePomXML(name);
        files.write(FILE, drl);
        KieBuilder builder = services.newKieBuilder(files, classes()).buildAll(ExecutableModelProject.class);
        try {
            List<Message> errors = builder.getResults().getMessages(Message.Level.ERROR);
            return errors.isEmpty()
                    ? new DrlBuild(models((InternalKieModule) builder.getKieModule()), List.of())
                    : new DrlBuild(List.of(), errors);
        } finally {
            services.getRepository().removeKieModule(name);
        }
    }

    private static ClassLoader classes() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? DrlBuild.class.getClassLoader() : context;
    }

    private static List<Model> models(InternalKieModule module) {
        var base = (KieBaseModelImpl) module.getKieModuleModel()
                .getKieBaseModels()
                .values()
                .iterator()
                .next();
        return List.copyOf(((CanonicalKieModule) module).getModelForKBase(base));
    }
}
